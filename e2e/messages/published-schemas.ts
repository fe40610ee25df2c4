// The providers' own published schemas, where they are at hand: a body that they refuse is refused.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = process.env['OPENAPI_DIR'] || join(root, '../shared/data/openapi');

/** Whether the published schema of a provider is there; without it only our own reading of its documents judges. */
export const isPublished = (provider: 'klaviyo' | 'twilio'): boolean =>
  existsSync(join(folder, `${provider}.json`));

const validators = new Map<string, ValidateFunction | undefined>();

/** What a published schema says against a body; undefined where it says nothing, or is not at hand. */
export function published(
  provider: 'klaviyo' | 'twilio',
  path: string,
  contentType: string,
  body: unknown,
): string | undefined {
  const key = `${provider}${path}`;
  if (!validators.has(key)) validators.set(key, validatorOf(provider, path, contentType));
  const validate = validators.get(key);
  if (validate === undefined || validate(body)) return undefined;
  return (validate.errors ?? [])
    .map((error) => `${error.instancePath} ${error.message ?? ''}`)
    .join('; ');
}

function validatorOf(
  provider: 'klaviyo' | 'twilio',
  path: string,
  contentType: string,
): ValidateFunction | undefined {
  if (!isPublished(provider)) return undefined;
  const document = JSON.parse(readFileSync(join(folder, `${provider}.json`), 'utf8')) as {
    paths: Record<string, { post?: { requestBody?: { content: Record<string, unknown> } } }>;
  };
  const content = document.paths[path]?.post?.requestBody?.content[contentType];
  if (content === undefined) throw new Error(`${provider} publishes nothing of ${path}`);
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false, validateFormats: false });
  ajv.addSchema(withNull(document) as object, 'published');
  const pointer = ['paths', path, 'post', 'requestBody', 'content', contentType, 'schema']
    .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
  return ajv.compile({ $ref: `published#/${pointer}` });
}

/** OpenAPI's `nullable` beside a reference or a choice, as JSON Schema says it: the same, or null. */
function withNull(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withNull);
  if (typeof node !== 'object' || node === null) return node;
  const inner = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, withNull(value)]),
  );
  if (inner['nullable'] !== true || 'type' in inner) return inner;
  const { nullable: _, ...rest } = inner;
  return { anyOf: [rest, { type: 'null' }] };
}
