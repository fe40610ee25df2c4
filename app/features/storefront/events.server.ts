import { z } from 'zod';
import { analytics } from '../../analytics/posthog.server.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import type { StorefrontRequest } from './proxy-request.server.ts';

const maxBodyBytes = 16 * 1024;

const batch = z.object({
  events: z
    .array(
      z.object({
        name: z.literal('points_balance_viewed'),
        at: z.iso.datetime({ offset: true }),
        props: z.object({ surface: z.enum(['block', 'panel']), locale: z.string().max(35) }),
      }),
    )
    .min(1)
    .max(20),
});

/** Takes what the widget observed. Names and properties are a closed list, so nothing personal can ride along. */
export async function takeEvents({ request, merchantId }: StorefrontRequest): Promise<Response> {
  if (request.method !== 'POST')
    return new Response(null, { status: 405, headers: { allow: 'POST' } });
  const text = await request.text();
  if (text.length > maxBodyBytes)
    throw new CoreError('payload_too_large', { message: 'the batch is too large' });
  const parsed = batch.safeParse(json(text));
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new CoreError('invalid_input', { field, message: 'the batch is malformed' });
  }
  for (const { name, props } of parsed.data.events)
    analytics().capture({ merchantId, name, properties: props });
  return new Response(null, { status: 204 });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
