import { z } from 'zod';
import { CoreError } from '../../core-client/errors.server.ts';
import type { PosMember } from './extension-contract.ts';
import type { PosRequest } from './extension-request.server.ts';
import { privateJson } from '../../shoppers/proxy-request.server.ts';
import { bodyOf, notAllowed, read } from '../../shoppers/body.server.ts';
import { answer, carriedOut, redeemBody } from './redeem.server.ts';
import { publicPictures, toWidget } from './widget.server.ts';

const customer = z.string().regex(/^\d{1,20}$/);
const memberQuery = z.object({ customer });
const posRedeemBody = redeemBody.extend({ customer });

/** What the customer in the cart has, and can redeem at the POS. */
export async function answerPosMember({ url, core, merchantId }: PosRequest): Promise<Response> {
  const asked = read(memberQuery, { customer: url.searchParams.get('customer') ?? '' });
  const { customerId, view } = await core.frontend.getPosMember({
    shopifyCustomerId: asked.customer,
    locale: url.searchParams.get('locale') ?? '',
  });
  const isMember = customerId !== '' && view !== undefined;
  const member = isMember ? toWidget(view, publicPictures(merchantId)) : null;
  return privateJson({ member } satisfies PosMember);
}

/** Redeems points of the customer in the cart. */
export async function redeemAtPos(pos: PosRequest): Promise<Response> {
  const { request, core } = pos;
  if (request.method !== 'POST') return notAllowed('POST');
  const body = read(posRedeemBody, await bodyOf(request));
  const { customerId } = await core.frontend.getPosMember({
    shopifyCustomerId: body.customer,
    locale: '',
  });
  if (customerId === '')
    throw new CoreError('not_found', { field: 'customer', message: 'not a member' });
  const { redemption } = await core.points.startRedemption({
    customerId,
    rewardId: body.reward_id,
    points: body.points ?? 0,
    idempotencyKey: body.idempotency_key,
  });
  return answer(pos, await carriedOut(pos, redemption, body.wait_ms));
}
