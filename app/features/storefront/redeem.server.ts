import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Redemption as CoreRedemption } from '#proto/points/v1/rewards.ts';
import type { CoreClients } from '../../core-client/clients.server.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { languageOfTag } from '../../i18n/languages.ts';
import type { Language } from '../../i18n/languages.ts';
import { enqueueOrLeave } from '../../jobs/queues.server.ts';
import { redemptionJob } from '../../jobs/new-jobs.ts';
import { bodyOf, notAllowed, read } from '../../shoppers/body.server.ts';
import { outdateView } from './polling.server.ts';
import { privateJson } from '../../shoppers/proxy-request.server.ts';
import type { PosRequest } from './extension-request.server.ts';
import type { StorefrontRequest } from '../../shoppers/proxy-request.server.ts';
import type { Redemption } from './widget-contract.ts';
import { redemptionOf } from './widget-program.ts';

/** How long a spinner is acceptable; the widget polls for anything longer. */
const timeoutMs = 3_000;
const pollMs = 120;
/** How long the caller wants to wait, if not so long. */
const waiting = z.object({ wait_ms: z.number().int().min(0).max(timeoutMs).default(timeoutMs) });
/** Points for a reward, or what a campaign gives for nothing. */
export const redeemBody = z.object({
  reward_id: z.guid().optional(),
  campaign_id: z.guid().optional(),
  points: z.number().int().positive().max(1_000_000_000_000).optional(),
  idempotency_key: z.string().min(1).max(100),
  ...waiting.shape,
});

/**
 * Redeems points of the signed-in shopper, or issues a campaign's code. It is usually ready within a second,
 * and is waited for.
 */
export async function redeem(signed: StorefrontRequest): Promise<Response> {
  const { request, core } = signed;
  if (request.method !== 'POST') return notAllowed('POST');
  requireShopper(signed);
  const {
    reward_id: rewardId,
    campaign_id: campaignId,
    points,
    idempotency_key: key,
    wait_ms: waitMs,
  } = read(redeemBody, await bodyOf(request));
  if ((rewardId === undefined) === (campaignId === undefined))
    throw new CoreError('invalid_input', {
      field: 'reward_id',
      message: 'a reward or a campaign is needed',
    });
  const { redemption } =
    campaignId === undefined
      ? await core.points.startRedemption({ rewardId, points: points ?? 0, idempotencyKey: key })
      : await core.points.redeemCampaignDiscount({ campaignId });
  const latest = await carriedOut(signed, redemption, waitMs);
  await outdateView(signed);
  return answer(signed, latest);
}

export async function showRedemption(
  signed: StorefrontRequest,
  redemptionId: string | undefined,
): Promise<Response> {
  requireShopper(signed);
  return showAnyRedemption(signed, redemptionId);
}

/** Core returns only permitted redemptions: a shopper's own, or for staff any in the shop. */
export async function showAnyRedemption(
  asked: StorefrontRequest | PosRequest,
  redemptionId: string | undefined,
): Promise<Response> {
  const { redemption } = await asked.core.points.getRedemption({
    redemptionId: idOf(redemptionId),
  });
  return answer(asked, redemption);
}

/** Returns an unused code for its points. */
export async function returnRedemption(
  signed: StorefrontRequest,
  redemptionId: string | undefined,
): Promise<Response> {
  requireShopper(signed);
  const answered = await returnAnyRedemption(signed, redemptionId);
  await outdateView(signed);
  return answered;
}

export async function returnAnyRedemption(
  asked: StorefrontRequest | PosRequest,
  redemptionId: string | undefined,
): Promise<Response> {
  const { wait_ms: waitMs } = read(waiting, await bodyOf(asked.request));
  const { redemption } = await asked.core.points.startReturn({ redemptionId: idOf(redemptionId) });
  return answer(asked, await carriedOut(asked, redemption, waitMs));
}

function requireShopper({ shopifyCustomerId }: StorefrontRequest): void {
  if (shopifyCustomerId === '')
    throw new CoreError('unauthenticated', { message: 'sign in to use points' });
}

/** An unknown id is answered like another shopper's. */
function idOf(text: string | undefined): string {
  const parsed = z.guid().safeParse(text);
  if (!parsed.success) throw new CoreError('not_found', { field: 'redemption_id' });
  return parsed.data;
}

const isOpen = ({ status, returning }: CoreRedemption) => status === 'pending' || returning;

/** Enqueues the worker's job at once, and waits for it briefly. */
export async function carriedOut(
  { core, merchantId, shop }: Pick<StorefrontRequest, 'core' | 'merchantId' | 'shop'>,
  redemption: CoreRedemption | undefined,
  waitMs: number,
): Promise<CoreRedemption | undefined> {
  if (redemption === undefined || !isOpen(redemption)) return redemption;
  const { redemptionId } = redemption;
  await enqueueOrLeave.enqueueAll([redemptionJob({ merchantId, shop }, redemptionId)]);
  return waitFor(core, redemption, waitMs);
}

async function waitFor(
  core: CoreClients,
  started: CoreRedemption,
  waitMs: number,
): Promise<CoreRedemption> {
  const { points } = core;
  const until = Date.now() + waitMs;
  let latest = started;
  while (isOpen(latest) && Date.now() < until) {
    await sleep(pollMs);
    const { redemption } = await points.getRedemption({ redemptionId: started.redemptionId });
    latest = redemption ?? latest;
  }
  return latest;
}

export function answer(
  { url }: Pick<StorefrontRequest, 'url'>,
  redemption: CoreRedemption | undefined,
): Response {
  if (redemption === undefined) throw new CoreError('not_found', { field: 'redemption_id' });
  const language = languageOfTag(url.searchParams.get('locale'));
  return privateJson({ redemption: toRedemption(redemption, language) });
}

export function toRedemption(redemption: CoreRedemption, language: Language): Redemption {
  const { title, value, percent } = redemption;
  return redemptionOf(
    {
      redemptionId: redemption.redemptionId,
      kind: redemption.kind,
      title: title[language] ?? title['en'] ?? '',
      status: redemption.status,
      code: redemption.status === 'completed' ? redemption.code : '',
      pointsSpent: redemption.pointsSpent,
      value: percent === '' ? (value?.amount ?? '') : percent,
      expiresAt: redemption.expiresAt,
      isUsed: redemption.usedAt !== '',
      isReturnable: redemption.returnable && !redemption.returning,
      createdAt: redemption.createdAt,
      isPercent: percent !== '',
    },
    value?.currency ?? '',
    language,
  );
}
