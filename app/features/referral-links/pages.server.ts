import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { GetOfferResponse } from '#proto/referrals/v1/referrals.ts';
import { CoreError, httpStatusOf } from '../../core-client/errors.server.ts';
import { env } from '../../env.server.ts';
import { log } from '../../log.server.ts';
import type { StorefrontRequest } from '../../shoppers/proxy-request.server.ts';
import { countVisit } from './count-visit.server.ts';
import { claimText, invitationText, offerText, sayIn } from './invitation.server.ts';
import type { Promised, Say } from './invitation.server.ts';
import { htmlResponse, pageHtml } from './landing-page.tsx';
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

/** Who asks for an invitation; the shop's id is not known while core is away. */
type Visitor = Pick<StorefrontRequest, 'request' | 'url' | 'shop' | 'shopifyCustomerId'> & {
  readonly merchantId?: string;
};

/** `GET r/<code>`: who invites to what. A person's visit is in the queue before they are answered; previews see the same page. */
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
  if (isVisit(request)) await countVisit({ merchantId, clickId, code, channel, at: new Date() });
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

/** The invitation without its offer, for a shop that is not known while core is away: who sent the friend is kept, the visit is not counted. */
export function openUnknownLink(
  request: Request,
  codeInPath: string | undefined,
  error: unknown,
): Response {
  const code = codeOf(codeInPath);
  const isAway = error instanceof CoreError && error.isTransient && error.code !== 'rate_limited';
  if (code === undefined || !isAway) return troublePage(request, error);
  const url = new URL(request.url);
  const channel = channelOf(url.searchParams.get('c'));
  const visitor = {
    request,
    url,
    shop: url.searchParams.get('shop') ?? '',
    shopifyCustomerId: url.searchParams.get('logged_in_customer_id') ?? '',
  };
  return invitationPage(visitor, { code, channel, clickId: '' }, undefined);
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

/** Stands in a page for the visit's id, and is like nothing that anyone writes. */
const visitPlace = randomUUID();

interface Written {
  readonly offer: GetOfferResponse | undefined;
  /** What is before, between and behind the places of the visit's id. */
  readonly parts: readonly string[];
}

/** For all who follow one link with the same words: the visit's id alone differs. */
const written = new LRUCache<string, Written>({ max: 2_000 });

function invitationPage(
  visitor: Visitor,
  { code, channel, clickId }: Followed,
  offer: GetOfferResponse | undefined,
): Response {
  const { request, url, merchantId = '', shop, shopifyCustomerId } = visitor;
  const language = readerLanguage(url, request.headers);
  const kind = [
    language,
    url.searchParams.has('locale'),
    shopifyCustomerId === '',
    clickId === '',
    channel,
    code,
    merchantId,
    shop,
    prefixOf(url),
  ].join(' ');
  const known = written.get(kind);
  // An offer that was asked for again is another one.
  const parts =
    known !== undefined && known.offer === offer
      ? known.parts
      : invitationHtml(visitor, { code, channel, clickId: clickId && visitPlace }, offer).split(
          visitPlace,
        );
  if (known?.parts !== parts) written.set(kind, { offer, parts });
  return htmlResponse(parts.join(clickId));
}

function invitationHtml(
  { request, url, shop, shopifyCustomerId }: Visitor,
  { code, channel, clickId }: Followed,
  known: GetOfferResponse | undefined,
): string {
  const language = readerLanguage(url, request.headers);
  const say = sayIn(language);
  const offer = known && { ...known, shopName: known.shopName || shop };
  const query = new URLSearchParams({ code, c: channel, ...(clickId !== '' && { k: clickId }) });
  if (url.searchParams.has('locale')) query.set('locale', language);
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
  return pageHtml({
    ...invitationText(offer, language),
    shopName: offer?.shopName ?? '',
    actions: offer === undefined && shopifyCustomerId !== '' ? [visiting] : [claiming, visiting],
    language,
    picture: pictureAddress(),
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

const pictureAddress = () => new URL('/invitation.png', env().SHOPIFY_APP_URL).href;

function page(
  request: Request,
  url: URL,
  content: Pick<LandingPage, 'title' | 'lines' | 'actions' | 'status'>,
): Response {
  const html = pageHtml({
    ...content,
    shopName: '',
    language: readerLanguage(url, request.headers),
    picture: pictureAddress(),
  });
  return htmlResponse(html, content.status);
}
