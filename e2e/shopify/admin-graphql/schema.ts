// Shopify's own published Admin schema, as an executable schema.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery } from 'graphql';

let loaded: GraphQLSchema | undefined;

/** Takes about a third of a second the first time. */
export function adminSchema(): GraphQLSchema {
  if (loaded) return loaded;
  const raw = JSON.parse(
    gunzipSync(readFileSync(new URL('../schema/admin_2026-10.json.gz', import.meta.url))).toString(
      'utf8',
    ),
  ) as IntrospectionQuery | { data: IntrospectionQuery };
  loaded = buildClientSchema('data' in raw ? raw.data : raw, { assumeValid: true });
  return loaded;
}
