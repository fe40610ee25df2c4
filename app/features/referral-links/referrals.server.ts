import { z } from 'zod';
import { CoreError } from '../../core-client/errors.server.ts';
import { env } from '../../env.server.ts';
import { languageOfTag } from '../../i18n/languages.ts';
import { bodyOf, notAllowed, read } from '../../shoppers/body.server.ts';
import { privateJson } from '../../shoppers/proxy-request.server.ts';
import type { StorefrontRequest } from '../../shoppers/proxy-request.server.ts';
import { claimText, invitationText } from './invitation.server.ts';
import { offerOf } from './offers.server.ts';
import { claimedPage, endedPage, showClaim } from './pages.server.ts';
import type { ClaimResult, FriendsOffer, OwnReferrals } from './referrals-contract.ts';
import { ownView } from './own-view.server.ts';
import { visitorAddress } from './visitor-address.ts';
import { channelOf, clickIdOf, codeOf } from './visits.rules.ts';

/** The browser's own random id; it sends one only where the shopper allows it. */
const device = z
  .string()
  .regex(/^[\w-]{0,64}$/)
  .default('');
const linkBody = z.object({ device });
const claimBody = z.object({
  code: z.string().max(40),
  channel: z.string().max(20).default(''),
  click: z.string().max(40).default(''),
  device,
});

const CLAIM_STATUSES = [
  'claimed',
  'already_claimed',
  'own_link',
  'existing_customer',
] as const satisfies readonly ClaimResult['status'][];

/** A member's link and friends; for a guest, what the link promises that they followed. */
export async function showReferrals(asked: StorefrontRequest): Promise<Response> {
  const { url, shop, shopifyCustomerId } = asked;
  if (shopifyCustomerId !== '') return privateJson(await ownReferrals(asked));
  const code = codeOf(url.searchParams.get('code'));
  const offer = code === undefined ? undefined : await offerOf(asked, code);
  if (offer === undefined)
    throw new CoreError(code === undefined ? 'not_found' : 'unavailable', { field: 'code' });
  const known = offer.active ? { ...offer, shopName: offer.shopName || shop } : undefined;
  const { title, lines } = invitationText(known, languageAsked(url));
  return privateJson({
    active: offer.active,
    title,
    text: lines.join(' '),
  } satisfies FriendsOffer);
}

async function ownReferrals({ url, shop, core }: StorefrontRequest): Promise<OwnReferrals> {
  const status = await core.referrals.getReferralStatus({});
  return ownView(status, languageAsked(url), shop);
}

const languageAsked = (url: URL) => languageOfTag(url.searchParams.get('locale'));

/** Makes the member's link where they have none, and answers as above. */
export async function makeLink(asked: StorefrontRequest): Promise<Response> {
  const { request, core } = asked;
  if (request.method !== 'POST') return notAllowed('GET, POST');
  requireShopper(asked);
  const { device: id } = read(linkBody, await bodyOf(request));
  await core.referrals.createReferral({ traces: { device: id, ip: addressOf(request) } });
  return privateJson(await ownReferrals(asked));
}

/**
 * A signed-in friend says by whose link they came: the panel as JSON, a page without script by a form whose address
 * says it all, since Shopify signs nothing else.
 */
export async function takeClaim(asked: StorefrontRequest): Promise<Response> {
  const { request, url, core } = asked;
  if (request.method !== 'POST') return notAllowed('GET, POST');
  const isForm = isFormPost(request);
  // Their session ended while they read: they sign in once more.
  if (isForm && asked.shopifyCustomerId === '') return showClaim(asked);
  requireShopper(asked);
  const told = isForm
    ? {
        code: url.searchParams.get('code') ?? '',
        channel: url.searchParams.get('c') ?? '',
        click: url.searchParams.get('k') ?? '',
        device: '',
      }
    : read(claimBody, await bodyOf(request));
  const code = codeOf(told.code);
  if (code === undefined) {
    if (isForm) return endedPage(request, url);
    throw new CoreError('invalid_input', { field: 'code', message: 'this is no referral code' });
  }
  const answer = await core.referrals.claimReferral({
    referralCode: code,
    channel: channelOf(told.channel),
    clickId: clickIdOf(told.click),
    traces: { device: told.device, ip: addressOf(request) },
  });
  if (isForm) return claimedPage(asked, answer.status, answer);
  const status = CLAIM_STATUSES.find((known) => known === answer.status);
  // Of a link that ended and of one that never was, the same is told.
  if (status === undefined)
    throw new CoreError('not_found', { field: 'code', message: 'the invitation has ended' });
  const { title, lines } = claimText(status, answer, languageAsked(url));
  return privateJson({ status, title, text: lines.join(' ') } satisfies ClaimResult);
}

/** As a page without script posts: a script names its body in the address. */
export const isFormPost = ({ url }: Request): boolean =>
  !new URL(url).searchParams.has('body_sha256');

function requireShopper({ shopifyCustomerId }: StorefrontRequest): void {
  if (shopifyCustomerId === '')
    throw new CoreError('unauthenticated', { message: 'referrals are for signed-in shoppers' });
}

const addressOf = ({ headers }: Request): string =>
  visitorAddress(headers.get('x-forwarded-for'), env().TRUSTED_PROXIES);
