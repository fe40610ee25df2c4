import { z } from 'zod';
import type { EndpointProblem } from './endpoint-choices.ts';
import { urlProblem } from './public-address.ts';
import { DELIVERY_STATES, PUBLIC_EVENTS, type PublicEvent } from '#vocabulary/public-events.ts';

export interface EndpointFields {
  readonly url: string;
  readonly description: string;
  readonly events: PublicEvent[];
}

const longestDescription = 200;
const textOf = (value: FormDataEntryValue | null) =>
  typeof value === 'string' ? value.trim() : '';

/** @returns the endpoint, or what is wrong by field */
export function parseEndpoint(
  form: FormData,
  allowedOrigins: readonly string[],
): EndpointFields | { readonly fields: Readonly<Record<string, EndpointProblem>> } {
  const url = textOf(form.get('url'));
  const description = textOf(form.get('description'));
  const chosen = textOf(form.get('events')).split(',');
  const events = PUBLIC_EVENTS.filter((event) => chosen.includes(event));
  const problem = url.length > 2_000 ? 'invalid' : urlProblem(url, allowedOrigins);
  const fields = {
    ...(problem !== undefined && { url: problem }),
    ...(events.length === 0 && { events: 'events' as const }),
    ...(description.length > longestDescription && { description: 'description' as const }),
  };
  return Object.keys(fields).length > 0 ? { fields } : { url, description, events };
}

export const idOf = (form: FormData, name: string): string | undefined =>
  z.guid().safeParse(form.get(name)).data;

export const eventOf = (form: FormData): PublicEvent | undefined =>
  PUBLIC_EVENTS.find((event) => event === form.get('type'));

const logQuery = z.object({
  status: z.enum(['', ...DELIVERY_STATES]).catch(''),
  cursor: z.string().max(500).catch(''),
});

/** Invalid values in the URL count as absent. */
export const parseLogQuery = (search: URLSearchParams): z.output<typeof logQuery> =>
  logQuery.parse({ status: search.get('status') ?? '', cursor: search.get('cursor') ?? '' });
