import { z } from 'zod';
import { CoreError } from '../../core-client/errors.server.ts';
import { admitCall } from '../../shoppers/call-limits.server.ts';
import { outdateView } from './polling.server.ts';
import { privateJson } from '../../shoppers/proxy-request.server.ts';
import type { StorefrontRequest } from '../../shoppers/proxy-request.server.ts';
import type { ClaimAnswer } from './widget-contract.ts';
import { CLAIMED_ACTIONS, CLAIM_STATUSES, NETWORKS } from '#vocabulary/earning.ts';

const maxBodyBytes = 4 * 1024;

const body = z.object({
  action: z.enum(CLAIMED_ACTIONS),
  network: z.enum(['', ...NETWORKS]).default(''),
  birthday: z.string().max(5).default(''),
  idempotency_key: z.string().min(8).max(100),
});

/** A shopper's claim of an action. Shopify's signature identifies them, not the script. */
export async function takeClaim(asked: StorefrontRequest): Promise<Response> {
  const { request, merchantId, shopifyCustomerId, core } = asked;
  if (request.method !== 'POST')
    return new Response(null, { status: 405, headers: { allow: 'POST' } });
  if (shopifyCustomerId === '')
    throw new CoreError('unauthenticated', { message: 'points are for signed-in shoppers' });
  await admitCall('claim', merchantId, shopifyCustomerId);
  const text = await request.text();
  if (text.length > maxBodyBytes)
    throw new CoreError('payload_too_large', { message: 'the claim is too large' });
  const parsed = body.safeParse(json(text));
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new CoreError('invalid_input', { field, message: 'the claim is malformed' });
  }
  const { action, network, birthday, idempotency_key: idempotencyKey } = parsed.data;
  const answer = await core.points.claimAction({ action, network, birthday, idempotencyKey });
  await outdateView(asked);
  const status = CLAIM_STATUSES.find((one) => one === answer.status);
  if (status === undefined) throw new Error(`core answered a claim with ${answer.status}`);
  const { granted, balance } = answer;
  return privateJson({ granted, status, balance } satisfies ClaimAnswer);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
