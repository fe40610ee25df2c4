import { randomUUID } from 'node:crypto';
import { redirect } from '@remix-run/node';
import type { EventEndpoint, LoggedEventDelivery } from '#proto/admin/v1/event_subscriptions.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import type { Refusal } from '../../dashboard/refusal.ts';
import { env } from '../../env.server.ts';
import { REPLAY_HOURS } from './endpoint-choices.ts';
import { eventOf, idOf, parseEndpoint, parseLogQuery } from './endpoint-form.schema.ts';

export interface EndpointsData {
  readonly endpoints: readonly EventEndpoint[];
}

export async function loadEndpoints({ core }: MerchantRequest): Promise<EndpointsData> {
  const { endpoints } = await core.admin.listEventEndpoints({});
  return { endpoints };
}

export interface EndpointData {
  /** Absent: a new one is made, under this key. */
  readonly endpoint?: EventEndpoint;
  readonly creationKey: string;
  readonly deliveries: readonly LoggedEventDelivery[];
  readonly nextCursor: string;
  readonly status: string;
}

const pageSize = 25;

export async function loadEndpoint({ core, params, url }: MerchantRequest): Promise<EndpointData> {
  const endpointId = params['id'] ?? '';
  const { status, cursor } = parseLogQuery(url.searchParams);
  const creationKey = randomUUID();
  if (endpointId === 'new') return { creationKey, deliveries: [], nextCursor: '', status };
  const page = { pageSize, cursor };
  const answer = await core.admin.listEventDeliveries({ endpointId, status, page });
  if (answer.endpoint?.kind !== 'webhook')
    throw new CoreError('not_found', { field: 'endpoint_id' });
  const { endpoint, deliveries } = answer;
  return { endpoint, creationKey, deliveries, nextCursor: answer.page?.nextCursor ?? '', status };
}

export type EndpointAction =
  | {
      readonly ok: true;
      readonly done: 'created' | 'rotated';
      readonly secret: string;
      readonly id: string;
    }
  | { readonly ok: true; readonly done: 'saved' | 'tested' | 'retried' }
  | { readonly ok: true; readonly done: 'replayed'; readonly count: number }
  | Refusal;

/** Adds an endpoint, changes it, and has events sent to it again. */
export async function changeEndpoint(
  merchant: MerchantRequest,
  form: FormData,
): Promise<EndpointAction | Response> {
  const { admin } = merchant.core;
  const endpointId = merchant.params['id'] ?? '';
  switch (form.get('intent')) {
    case 'save':
      return endpointId === 'new' ? create(merchant, form) : update(merchant, form, endpointId);
    case 'pause':
    case 'resume': {
      const status = form.get('intent') === 'pause' ? 'paused' : 'active';
      await admin.setEventEndpointStatus({ endpointId, status });
      return { ok: true, done: 'saved' };
    }
    case 'rotate': {
      const secretVersion = Number(form.get('secretVersion'));
      const { secret } = await admin.rotateEventSecret({ endpointId, secretVersion });
      return { ok: true, done: 'rotated', secret, id: endpointId };
    }
    case 'delete':
      await admin.deleteEventEndpoint({ endpointId });
      return redirect('/app/webhooks');
    default:
      return sendAgain(merchant, form, endpointId);
  }
}

async function sendAgain(
  merchant: MerchantRequest,
  form: FormData,
  endpointId: string,
): Promise<EndpointAction> {
  const { admin } = merchant.core;
  switch (form.get('intent')) {
    case 'test': {
      const type = eventOf(form);
      if (type === undefined) return refused(merchant, {});
      await admin.sendTestEvent({ endpointId, type });
      return { ok: true, done: 'tested' };
    }
    case 'retry': {
      const eventDeliveryId = idOf(form, 'delivery');
      if (eventDeliveryId === undefined) return refused(merchant, {});
      await admin.retryEventDelivery({ eventDeliveryId, endpointId });
      return { ok: true, done: 'retried' };
    }
    case 'replay': {
      const hours = REPLAY_HOURS.find((one) => one === form.get('hours'));
      if (hours === undefined) return refused(merchant, { hours: 'since' });
      const since = new Date(Date.now() - Number(hours) * 3_600_000).toISOString();
      const onlyFailed = form.get('onlyFailed') !== 'false';
      const { queued } = await admin.replayEvents({ endpointId, since, onlyFailed });
      return { ok: true, done: 'replayed', count: Number(queued) };
    }
    default:
      return refused(merchant, {});
  }
}

async function create(merchant: MerchantRequest, form: FormData): Promise<EndpointAction> {
  const parsed = parseEndpoint(form, env().EVENT_ORIGINS);
  if ('fields' in parsed) return refused(merchant, parsed.fields);
  const creationKey = idOf(form, 'creationKey');
  if (creationKey === undefined) return refused(merchant, {});
  try {
    const { secret } = await merchant.core.admin.createEventEndpoint({ creationKey, ...parsed });
    return { ok: true, done: 'created', secret, id: creationKey };
  } catch (error) {
    // The form has passed: what core still refuses is one more than a shop may have.
    if (error instanceof CoreError && error.code === 'invalid_input' && error.field === 'url')
      return refused(merchant, { url: 'limit' });
    throw error;
  }
}

async function update(
  merchant: MerchantRequest,
  form: FormData,
  endpointId: string,
): Promise<EndpointAction> {
  const parsed = parseEndpoint(form, env().EVENT_ORIGINS);
  if ('fields' in parsed) return refused(merchant, parsed.fields);
  const revision = form.get('revision');
  await merchant.core.admin.updateEventEndpoint({
    endpointId,
    ...parsed,
    revision: typeof revision === 'string' ? revision : '',
  });
  return { ok: true, done: 'saved' };
}
