import { randomUUID } from 'node:crypto';
import { CoreError, httpStatusOf } from '../../core-client/errors.server.ts';
import { env } from '../../env.server.ts';
import { log } from '../../log.server.ts';
import type { StorefrontRequest } from '../../shoppers/proxy-request.server.ts';
import { countVisit } from './count-visit.server.ts';
import { claimText, invitationText, offerText, sayIn } from './invitation.server.ts';
import type { Invitation, Promised, Say } from './invitation.server.ts';
import { pageResponse } from './landing-page.tsx';
import type { Action, LandingPage } from './landing-page.tsx';
import { offerOf } from './offers.server.ts';
import { readerLanguage } from './reader.ts';
import { channelOf, clickIdOf, codeOf, isVisit } from './visits.rules.ts';

/** Every page here is this deep below the shop's root, which may lie in a folder of a language of its own. */
const root = '../../../';

/** A visit of a link, as addresses carry it on. */
interface Followed {
  readonly code: string;
  readonly channel: string;
  readonly clickId: string;
}

/** `GET r/<code>`: who invites to what. A person's visit is counted behind their back; previews see the same page. */
export async function openLink(
  asked: StorefrontRequest,
  codeInPath: string | undefined,
): Promise<Response> {
  const { request, url, merchantId } = asked;
  const code = codeOf(codeInPath);
  if (code === undefined) return endedPage(request, url);
  const channel = channelOf(url.searchParams.get('c'));
  const offer = await offerOf(asked, code);
  if (offer?.active === false) return endedPage(request, url);
  const clickId = randomUUID();
  if (isVisit(request)) countVisit({ merchantId, clickId, code, channel, at: new Date() });
  return invitationPage(asked, { code, channel, clickId }, offer);
}

/** `GET referrals/claim?code=…`: where a friend comes back to who has signed in. */
export async function showClaim(asked: StorefrontRequest): Promise<Response> {
  const { request, url } = asked;
  const code = codeOf(url.searchParams.get('code'));
  if (code === undefined) return endedPage(request, url);
  const offer = await offerOf(asked, code);
  if (offer?.active === false) return endedPage(request, url);
  const followed = {
    code,
    channel: channelOf(url.searchParams.get('c')),
    clickId: clickIdOf(url.searchParams.get('k')),
  };
  return invitationPage(asked, followed, offer);
}

/** What came of a claim that was posted without script. */
export function claimedPage(
  asked: StorefrontRequest,
  status: string,
  promised: Promised,
): Response {
  const language = readerLanguage(asked.url, asked.request.headers);
  return page(asked.request, asked.url, {
    ...claimText(status, promised, language),
    actions: [shopAction(sayIn(language), '', {})],
  });
}

/** For anyone who is not served: the shop is still there, and the way to it. */
export function troublePage(request: Request, error: unknown): Response {
  const url = new URL(request.url);
  const say = sayIn(readerLanguage(url, request.headers));
  if (!(error instanceof CoreError)) log().error({ err: error }, 'A referral page failed');
  if (error instanceof CoreError && error.code === 'not_found') return endedPage(request, url);
  return page(request, url, {
    title: say('later_title'),
    lines: [say('later')],
    actions: [shopAction(say, '', {})],
    status: error instanceof CoreError ? httpStatusOf(error.code) : 500,
  });
}

/** The same for a link that never was, one that ended and a program that is off: nothing is told of which. */
export function endedPage(request: Request, url: URL): Response {
  const say = sayIn(readerLanguage(url, request.headers));
  return page(request, url, {
    title: say('ended'),
    lines: [say('ended_text')],
    actions: [shopAction(say, '', {})],
    status: 404,
  });
}

function invitationPage(
  { request, url, shop, shopifyCustomerId }: StorefrontRequest,
  followed: Followed,
  known: Invitation | undefined,
): Response {
  const language = readerLanguage(url, request.headers);
  const say = sayIn(language);
  const offer = known && { ...known, shopName: known.shopName || shop };
  const { code, channel, clickId } = followed;
  const query = new URLSearchParams({ code, c: channel, ...(clickId !== '' && { k: clickId }) });
  const asked = url.searchParams.get('locale');
  if (asked !== null) query.set('locale', asked);
  const claim = `referrals/claim?${query.toString()}`;
  const promised = offer === undefined ? '' : offerText(offer, language);
  const claiming: Action =
    shopifyCustomerId === ''
      ? { label: say('sign_in'), to: signInTo(`${prefixOf(url)}/${claim}`) }
      : { label: say('claim', { offer: promised }), to: `../${claim}`, posts: true };
  const visiting = shopAction(say, offer?.shopName ?? '', {
    ln_ref: code,
    ln_c: channel,
    ...(clickId !== '' && { ln_k: clickId }),
  });
  return page(request, url, {
    ...invitationText(offer, language),
    shopName: offer?.shopName ?? '',
    actions: offer === undefined && shopifyCustomerId !== '' ? [visiting] : [claiming, visiting],
  });
}

const shopAction = (say: Say, shopName: string, query: Record<string, string>): Action => {
  const search = new URLSearchParams(query).toString();
  return {
    label: shopName === '' ? say('visit_plain') : say('visit', { shop: shopName }),
    to: search === '' ? root : `${root}?${search}`,
  };
};

/**
 * Shopify's own address leads to whichever customer accounts the shop has. Classic ones come back by `return_url`, the
 * new ones by `return_to`; who is led elsewhere is claimed for by the panel, which keeps the link.
 */
const signInTo = (path: string) =>
  `${root}account/login?${new URLSearchParams({ return_url: path, return_to: path }).toString()}`;

/** Where the proxy is at this shop, as Shopify signed it. */
const prefixOf = (url: URL): string => {
  const prefix = url.searchParams.get('path_prefix') ?? '';
  return /^\/[\w-]+\/[\w-]+$/.test(prefix) ? prefix : '/apps/loyalnest';
};

function page(
  request: Request,
  url: URL,
  {
    shopName = '',
    ...rest
  }: Omit<LandingPage, 'language' | 'picture' | 'shopName'> & {
    readonly shopName?: string;
  },
): Response {
  return pageResponse({
    ...rest,
    shopName,
    language: readerLanguage(url, request.headers),
    picture: new URL('/invitation.png', env().SHOPIFY_APP_URL).href,
  });
}
