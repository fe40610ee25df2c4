import { z } from 'zod';
import { analytics } from '../../analytics/posthog.server.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { LANGUAGES } from '../../i18n/languages.ts';
import type { StorefrontRequest } from '../../shoppers/proxy-request.server.ts';
import type { WidgetEvent } from './widget-contract.ts';

const maxBodyBytes = 16 * 1024;

/** What each event may say, beside the language it was said in: short words, numbers and switches. */
const props = {
  points_balance_viewed: { surface: z.enum(['block', 'panel', 'page']) },
  sticky_bar_clicked: { member: z.boolean() },
  language_selected: { language: z.enum(LANGUAGES) },
  language_fallback_triggered: {},
  vip_tier_viewed: { surface: z.enum(['panel', 'page']) },
  tier_progress_viewed: { percent: z.number().int().min(0).max(100) },
  post_purchase_viewed: { member: z.boolean() },
  partial_data_loaded: { trouble: z.enum(['error', 'offline']) },
} satisfies { [Name in WidgetEvent['name']]: z.ZodRawShape };

const names = Object.keys(props) as [WidgetEvent['name'], ...WidgetEvent['name'][]];
export const eventBatch = z.object({
  events: z
    .array(
      z
        .object({
          name: z.enum(names),
          at: z.iso.datetime({ offset: true }),
          props: z.record(z.string(), z.unknown()),
        })
        .transform(({ name, at, props: given }, context) => {
          const shape = z.strictObject({ ...props[name], locale: z.string().max(35) });
          const parsed = shape.safeParse(given);
          if (parsed.success) return { name, at, props: parsed.data };
          context.addIssue({ code: 'custom', path: ['props'], message: 'not of this event' });
          return z.NEVER;
        }),
    )
    .min(1)
    .max(20),
});

/** Accepts widget events. Names and properties are a closed list, so they cannot carry personal data. */
export async function takeEvents({ request, merchantId }: StorefrontRequest): Promise<Response> {
  if (request.method !== 'POST')
    return new Response(null, { status: 405, headers: { allow: 'POST' } });
  const text = await request.text();
  if (text.length > maxBodyBytes)
    throw new CoreError('payload_too_large', { message: 'the batch is too large' });
  const parsed = eventBatch.safeParse(json(text));
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
