import { z } from 'zod';
import type { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import { instant, page, revision, text, uuid, type RequestSchemas } from '../call/validation.ts';
import { isEndpointUrl } from './endpoint-url.rules.ts';
import { DELIVERY_FAILURES, DELIVERY_STATES, PUBLIC_EVENTS } from '#vocabulary/public-events.ts';

const lease = { eventDeliveryId: uuid, leaseId: uuid };
const event = z.enum(PUBLIC_EVENTS);
const endpoint = {
  url: text(2_000).refine(isEndpointUrl, 'must be a URL without credentials and fragment'),
  description: text(200),
  events: z
    .array(event)
    .min(1, 'must name an event')
    .max(PUBLIC_EVENTS.length)
    .transform((events) => PUBLIC_EVENTS.filter((one) => events.includes(one))),
};

export const eventSubscriptionSchemas = {
  recordEvents: z.object({
    eventIds: z.array(z.string().regex(/^\d{1,18}$/, 'must be the id of an event')).max(500),
  }),
  claimEventDeliveries: z.object({
    limit: z.number().int().min(1).max(200),
    leaseSeconds: z.number().int().min(1).max(600),
  }),
  openEventDelivery: z.object(lease),
  settleEventDelivery: z.object({
    ...lease,
    failure: z.enum(['', ...DELIVERY_FAILURES]),
    answerStatus: z.number().int().min(0).max(999),
    answerExcerpt: text(500),
    durationMs: z.number().int().min(0).max(600_000),
    retryAfterSeconds: z.number().int().min(0).max(86_400),
  }),
  createEventEndpoint: z.object({ creationKey: uuid, ...endpoint }),
  updateEventEndpoint: z.object({ endpointId: uuid, ...endpoint, revision }),
  setEventEndpointStatus: z.object({ endpointId: uuid, status: z.enum(['active', 'paused']) }),
  deleteEventEndpoint: z.object({ endpointId: uuid }),
  rotateEventSecret: z.object({ endpointId: uuid, secretVersion: z.number().int().min(1) }),
  sendTestEvent: z.object({ endpointId: uuid, type: event }),
  listEventDeliveries: z.object({
    endpointId: uuid,
    status: z.enum(['', ...DELIVERY_STATES]),
    page,
  }),
  retryEventDelivery: z.object({ eventDeliveryId: uuid, endpointId: uuid }),
  replayEvents: z.object({ endpointId: uuid, since: instant, onlyFailed: z.boolean() }),
  reportFlowTrigger: z.object({ type: event, enabled: z.boolean(), toldAt: instant }),
} satisfies RequestSchemas<typeof AdminServiceDefinition>;
