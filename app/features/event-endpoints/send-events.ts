import type { ClaimedEventDelivery, OutgoingEvent } from '#proto/admin/v1/event_subscriptions.ts';
import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';
import { signedHeaders } from './event-signature.rules.ts';
import { triggerFlow } from './flow-trigger.server.ts';
import { postEvent, type EventAnswer } from './post-event.server.ts';

/** Mostly they wait for a receiver. Core gives an endpoint at most four of them, and one that fails a single one. */
const places = 32;
/** Longer than everything that sending one event waits for. */
const leaseSeconds = 180;

const underWay = new Set<Promise<void>>();

type Services = Pick<JobServices, 'platform' | 'core' | 'shopify' | 'eventOrigins' | 'now'>;

/**
 * Starts sending what is due, as far as there are places, and does not wait for it: a slow receiver holds its own place.
 * What a worker that dies had under way is due again when its lease is over; receivers know it by its id.
 * @returns whether there may be more
 */
export async function sendEvents(services: Services): Promise<boolean> {
  if (underWay.size >= places) await Promise.race(underWay);
  const { deliveries } = await services.platform.claimEventDeliveries({
    limit: places - underWay.size,
    leaseSeconds,
  });
  for (const delivery of deliveries) start(delivery, services);
  return deliveries.length > 0;
}

/** For tests: until what was started has ended. */
export async function eventsSent(): Promise<void> {
  await Promise.all(underWay);
}

function start(delivery: ClaimedEventDelivery, services: Services): void {
  const { merchantId, eventDeliveryId } = delivery;
  const work = send(delivery, services)
    .catch((error: unknown) => {
      log().warn({ merchantId, eventDeliveryId, err: error }, 'An event was not sent');
    })
    .finally(() => underWay.delete(work));
  underWay.add(work);
}

async function send(
  { merchantId, shopDomain, eventDeliveryId, leaseId }: ClaimedEventDelivery,
  services: Services,
): Promise<void> {
  const { admin } = services.core(merchantId);
  const { event } = await admin.openEventDelivery({ eventDeliveryId, leaseId });
  if (event === undefined) return;
  const answer =
    event.kind === 'flow'
      ? await triggerFlow({ merchantId, shop: shopDomain }, event, services)
      : await post(eventDeliveryId, event, services);
  await admin.settleEventDelivery({ eventDeliveryId, leaseId, ...answer });
}

function post(
  eventDeliveryId: string,
  { url, secrets, body }: OutgoingEvent,
  { now, eventOrigins }: Services,
): Promise<EventAnswer> {
  const timestamp = Math.floor(now() / 1_000);
  const headers = signedHeaders({ id: `msg_${eventDeliveryId}`, timestamp, body }, secrets);
  return postEvent(url, headers, body, { allowedOrigins: eventOrigins });
}
