import { randomBytes } from 'node:crypto';
import type { PoolClient } from 'pg';
import type {
  CreateEventEndpointRequest,
  EventEndpoint,
  RotateEventSecretRequest,
  UpdateEventEndpointRequest,
} from '#proto/admin/v1/event_subscriptions.ts';
import { asTenant } from '../call/as-tenant.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { AdminMethods } from '../call/methods.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { stepOfEdit } from '../shared/edits.ts';
import { DomainError, invalidInput, notFound } from '../shared/errors.ts';
import { revisionOf } from '../shared/revision.rules.ts';
import { lockTenant } from '../shared/tenant-lock.store.ts';
import {
  deleteEndpoint,
  insertEndpoint,
  readEndpoint,
  readEndpoints,
  readSecrets,
  replaceSecret,
  reportFlowTrigger,
  secretsOf,
  setEndpointStatus,
  updateEndpoint,
  type EndpointRow,
} from './endpoints.store.ts';
import { MAX_ENDPOINTS } from '#vocabulary/public-events.ts';
import type { ShopAction } from '#vocabulary/activity.ts';

type Methods = AdminMethods<
  | 'listEventEndpoints'
  | 'createEventEndpoint'
  | 'updateEventEndpoint'
  | 'setEventEndpointStatus'
  | 'deleteEventEndpoint'
  | 'rotateEventSecret'
  | 'reportFlowTrigger'
>;

/** Both secrets sign for so long after a rotation. */
const rotationMs = 24 * 3_600_000;

/** Standard Webhooks: 24 to 64 random bytes. */
const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

type Dependencies = Pick<CoreDependencies, 'pool' | 'encryption' | 'clock'>;

/** Where a merchant's events go to. A secret is shown when it is made, and never again. */
export function eventEndpointMethods(deps: Dependencies): Methods {
  const { pool } = deps;
  return {
    listEventEndpoints: (_request, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        endpoints: (await readEndpoints(client, merchantId)).map(toMessage),
      })),

    createEventEndpoint: (request, context) =>
      asTenant(pool, context, (client, merchantId) =>
        create(client, deps, { merchantId, actor: context.caller.actor }, request),
      ),

    updateEventEndpoint: (request, context) =>
      asTenant(pool, context, (client, merchantId) =>
        update(client, { merchantId, actor: context.caller.actor }, request),
      ),

    setEventEndpointStatus: ({ endpointId, status }, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const editor = { merchantId, actor: context.caller.actor };
        await lockTenant(client, merchantId);
        const row = await requireWebhook(client, merchantId, endpointId);
        const wanted = status === 'paused' ? 'paused' : 'active';
        if (row.status !== wanted) {
          await setEndpointStatus(client, merchantId, endpointId, wanted);
          await audit(client, editor, 'event_endpoint_updated', endpointId);
        }
        return { endpoint: toMessage(await requireEndpoint(client, merchantId, endpointId)) };
      }),

    deleteEventEndpoint: ({ endpointId }, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const editor = { merchantId, actor: context.caller.actor };
        if (!(await deleteEndpoint(client, merchantId, endpointId))) throw notFound('endpoint_id');
        await audit(client, editor, 'event_endpoint_deleted', endpointId);
        return {};
      }),

    rotateEventSecret: (request, context) =>
      asTenant(pool, context, (client, merchantId) =>
        rotate(client, deps, { merchantId, actor: context.caller.actor }, request),
      ),

    reportFlowTrigger: ({ type, enabled, toldAt }, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        await lockTenant(client, merchantId);
        const report = { type, enabled, toldAt: new Date(toldAt) };
        await reportFlowTrigger(client, merchantId, report);
        return {};
      }),
  };
}

interface Editor {
  readonly merchantId: string;
  readonly actor: string;
}

async function create(
  client: PoolClient,
  { encryption }: Dependencies,
  editor: Editor,
  { creationKey, ...request }: CreateEventEndpointRequest,
) {
  const { merchantId } = editor;
  await lockTenant(client, merchantId);
  const known = await readEndpoints(client, merchantId);
  const webhooks = known.filter((one) => one.kind === 'webhook');
  const isKnown = known.some((one) => one.endpoint_id === creationKey);
  if (!isKnown && webhooks.length >= MAX_ENDPOINTS)
    throw invalidInput('url', `a shop has at most ${MAX_ENDPOINTS} endpoints`);
  const secret = newSecret();
  const endpoint = { ...request, endpointId: creationKey, secret };
  const isNew = await insertEndpoint(client, encryption, merchantId, endpoint);
  if (isNew) await audit(client, editor, 'event_endpoint_created', creationKey);
  return {
    endpoint: toMessage(await requireEndpoint(client, merchantId, creationKey)),
    secret: isNew ? secret : '',
  };
}

async function update(client: PoolClient, editor: Editor, request: UpdateEventEndpointRequest) {
  const { endpointId, url, description, events } = request;
  await lockTenant(client, editor.merchantId);
  const row = await requireWebhook(client, editor.merchantId, endpointId);
  const step = stepOfEdit({
    opened: request.revision,
    current: revisionOfEndpoint(row),
    wanted: revisionOfEndpoint({ url, description, events }),
  });
  if (step === 'save') {
    await updateEndpoint(client, editor.merchantId, request);
    await audit(client, editor, 'event_endpoint_updated', endpointId);
  }
  return { endpoint: toMessage(await requireEndpoint(client, editor.merchantId, endpointId)) };
}

async function rotate(
  client: PoolClient,
  { encryption, clock }: Dependencies,
  editor: Editor,
  { endpointId, secretVersion }: RotateEventSecretRequest,
) {
  const { merchantId } = editor;
  await lockTenant(client, merchantId);
  const stored = await readSecrets(client, merchantId, endpointId);
  if (stored === undefined) throw notFound('endpoint_id');
  if (stored.secret_version !== secretVersion)
    throw new DomainError('edit_conflict', {
      field: 'secret_version',
      message: 'was replaced meanwhile',
    });
  const now = clock();
  const secret = newSecret();
  await replaceSecret(client, encryption, merchantId, {
    endpointId,
    secret,
    previous: secretsOf(encryption, merchantId, stored, now)[0] ?? '',
    previousUntil: new Date(now.getTime() + rotationMs),
  });
  await audit(client, editor, 'event_secret_rotated', endpointId);
  return { endpoint: toMessage(await requireEndpoint(client, merchantId, endpointId)), secret };
}

/** @throws DomainError not_found */
export async function requireEndpoint(
  client: PoolClient,
  merchantId: string,
  endpointId: string,
): Promise<EndpointRow> {
  const row = await readEndpoint(client, merchantId, endpointId);
  if (row === undefined) throw notFound('endpoint_id');
  return row;
}

/** Flow's endpoint is changed by Flow alone. */
async function requireWebhook(
  client: PoolClient,
  merchantId: string,
  endpointId: string,
): Promise<EndpointRow> {
  const row = await requireEndpoint(client, merchantId, endpointId);
  if (row.kind !== 'webhook') throw notFound('endpoint_id');
  return row;
}

const audit = (
  client: PoolClient,
  { merchantId, actor }: Editor,
  action: ShopAction,
  targetId: string,
) => writeAudit(client, merchantId, { actor, action, targetTable: 'event_endpoints', targetId });

const revisionOfEndpoint = ({
  url,
  description,
  events,
}: Pick<EndpointRow, 'url' | 'description' | 'events'>): string =>
  revisionOf({ url, description, events });

export function toMessage(row: EndpointRow): EventEndpoint {
  return {
    endpointId: row.endpoint_id,
    kind: row.kind,
    url: row.url ?? '',
    description: row.description,
    events: row.events,
    status: row.status,
    disabledReason: row.disabled_reason ?? '',
    failingSince: row.failing_since?.toISOString() ?? '',
    deliveredAt: row.delivered_at?.toISOString() ?? '',
    secretVersion: row.secret_version,
    previousSecretUntil: row.previous_secret_until?.toISOString() ?? '',
    createdAt: row.created_at.toISOString(),
    revision: revisionOfEndpoint(row),
  };
}
