import { performance } from 'node:perf_hooks';
import type { OutgoingEvent } from '#proto/admin/v1/event_subscriptions.ts';
import type { JobServices, ShopReference } from '../../jobs/services.ts';
import { AdminApiError } from '../../shopify/admin-client.server.ts';
import { receiveFlowTrigger } from '../../shopify/admin/flow.ts';
import { refusalOf } from '../../shopify/admin/user-errors.ts';
import { flowTriggerOf } from './flow-payload.rules.ts';
import type { EventAnswer } from './post-event.server.ts';
import type { DeliveryFailure } from '#vocabulary/public-events.ts';

/** Tells Shopify Flow of an event. What Flow says of the payload it would say again; everything else passes. */
export async function triggerFlow(
  shop: ShopReference,
  event: OutgoingEvent,
  { shopify }: Pick<JobServices, 'shopify'>,
): Promise<EventAnswer> {
  const started = performance.now();
  const ended = (failure: DeliveryFailure | '', excerpt = ''): EventAnswer => ({
    failure,
    answerStatus: 0,
    answerExcerpt: excerpt.slice(0, 500),
    durationMs: Math.round(performance.now() - started),
    retryAfterSeconds: 0,
  });
  const trigger = flowTriggerOf(event.body);
  if (trigger === undefined) return ended('flow_refused', 'No customer at Shopify');
  try {
    const answer = await shopify(shop).request(receiveFlowTrigger, trigger);
    const refusal = refusalOf('flowTriggerReceive', answer.flowTriggerReceive);
    if (refusal !== undefined) throw refusal;
    return ended('');
  } catch (error) {
    if (error instanceof AdminApiError && !error.isTransient)
      return ended('flow_refused', error.message);
    return ended('flow_unavailable');
  }
}
