import { createHash } from 'node:crypto';
import type { GetWidgetResponse } from '#proto/frontend/v1/frontend.ts';
import type { WidgetBranding } from '#proto/frontend/v1/widget.ts';
import type { Balance, Entry as LedgerEntry } from '#proto/points/v1/points.ts';
import { env } from '../../env.server.ts';
import { pictureSource, picturesAddress } from '../../files/pictures.ts';
import { explainEntry, pendingSentence, pendingText } from '../../explanations/explain-entry.ts';
import { explanations } from '../../explanations/explanations.server.ts';
import { pointsWords } from '../../i18n/format.ts';
import type { PointsWords } from '../../i18n/format.ts';
import { languageOfTag } from '../../i18n/languages.ts';
import type { Language } from '../../i18n/languages.ts';
import { campaignOf, goalProgress, redemptionOf, rewardOf, tierOf } from './widget-program.ts';
import { keepView, poll } from './polling.server.ts';
import { privateJson } from '../../shoppers/proxy-request.server.ts';
import type { StorefrontRequest } from '../../shoppers/proxy-request.server.ts';
import { hasReferrals } from './referral-program.server.ts';
import { noteWidgetSeen } from './widget-seen.server.ts';
import type {
  Branding,
  EarnAction,
  EarnRule,
  Entry,
  History,
  Quote,
  Widget,
} from './widget-contract.ts';
import { ACTIONS } from '#vocabulary/earning.ts';
import { ENTRY_TYPES } from '#vocabulary/ledger.ts';

/** The words around the numbers belong to a release: a new one must not answer 304 to an old page. */
const wordsVersion = '4';
const historyPageSize = 20;

/** All that the widget's first view needs; 304 when the browser has it already. */
export async function answerWidget(asked: StorefrontRequest): Promise<Response> {
  const { request, url, core, merchantId } = asked;
  const locale = url.searchParams.get('locale') ?? '';
  // Weak, because a proxy may compress it: browsers may send either spelling back.
  const known =
    request.headers
      .get('if-none-match')
      ?.split(',')
      .map((tag) => tag.trim().replace(/^(?!W\/)/, 'W/')) ?? [];
  noteWidgetSeen(merchantId);
  const unchanged = (etag: string) =>
    new Response(null, { status: 304, headers: { etag, 'cache-control': 'private, no-store' } });
  const polled = await poll(asked, known, locale);
  if (polled.etag !== undefined) return unchanged(polled.etag);
  const [response, referrals] = await Promise.all([
    core.frontend.getWidget({ locale }),
    hasReferrals(merchantId),
  ]);
  // Rehashed, so that it does not reveal core's own tag.
  const etag = `W/"${createHash('sha256').update(`${wordsVersion} ${response.locale} ${response.etag} ${referrals}`).digest('base64url').slice(0, 22)}"`;
  await keepView(asked, response.version, { etag, locale, now: polled.now });
  if (known.includes(etag)) return unchanged(etag);
  return privateJson(toWidget(response, publicPictures(merchantId), referrals), { etag });
}

export async function answerHistory({ url, core }: StorefrontRequest): Promise<Response> {
  const language = languageOfTag(url.searchParams.get('locale'));
  const cursor = url.searchParams.get('cursor') ?? '';
  const orderId = url.searchParams.get('order_id') ?? '';
  const [{ entries, nextCursor }, { pointsName, balance }] = await Promise.all([
    core.frontend.getHistory({
      cursor,
      pageSize: historyPageSize,
      orderId,
    }),
    core.frontend.getWidget({ locale: language }),
  ]);
  const words = wordsOf(pointsName, language);
  const pending = pendingEntries(balance, language, orderId);
  const history: History = {
    entries: [
      ...(cursor === '' && orderId === '' ? pending : []),
      ...entries.map((entry) => toEntry(entry, language, words)),
    ],
    ...(orderId !== '' && pending.length > 0 && { pending }),
    next_cursor: nextCursor === '' ? null : nextCursor,
  };
  return privateJson(history);
}

function wordsOf(name: PointsWords | undefined, language: Language): PointsWords {
  return pointsWords(name === undefined ? {} : { [language]: name }, language);
}

/** The address of the shop's uploaded pictures, for a page of another site. */
export const publicPictures = (merchantId: string): string =>
  picturesAddress(merchantId, env().SHOPIFY_APP_URL);

/**
 * @param pictures the address of the shop's uploaded pictures
 * @param referrals whether members may refer friends
 */
export function toWidget(response: GetWidgetResponse, pictures: string, referrals = false): Widget {
  const language = languageOfTag(response.locale);
  const words = wordsOf(response.pointsName, language);
  const { balance, currency } = response;
  return {
    version: 1,
    customer:
      balance === undefined
        ? null
        : {
            balance: balance.balance,
            available: balance.available,
            held: balance.held,
            debt: balance.debt,
            ...(balance.pendingPoints > 0 && {
              pending: {
                points: balance.pendingPoints,
                text: pendingText(balance.pendingPoints, language, words, explanations[language]),
              },
            }),
            ...(response.firstName === '' ? {} : { name: response.firstName }),
          },
    points_name: { one: words.one, other: words.other },
    locale: language,
    program: programOf(response),
    earn: earnRules(response),
    recent: [
      ...pendingEntries(balance, language).slice(0, 2),
      ...response.recent.map((entry) => toEntry(entry, language, words)),
    ].slice(0, 5),
    expiring:
      balance === undefined || balance.expiringPoints === 0
        ? null
        : { points: balance.expiringPoints, at: balance.expiringAt },
    expiries: response.expiries.map(({ points, expiresAt }) => ({ points, at: expiresAt })),
    rewards: response.rewards.map((reward) => rewardOf(reward, { currency, language, pictures })),
    redemptions: response.redemptions.map((redemption) =>
      redemptionOf(redemption, currency, language),
    ),
    tier: tierOf(response),
    campaigns: response.campaigns.flatMap((campaign) => campaignOf(campaign, currency)),
    referrals: referrals && response.absence === '',
    quote: quoteOf(response),
    branding: brandingOf(response.branding, pictures),
    // Shopify's own addresses: they lead to whichever kind of customer accounts the shop has.
    sign_in_url: '/account/login',
    register_url: '/account/register',
  };
}

function programOf({ program, absence }: GetWidgetResponse): Widget['program'] {
  if (program?.active !== true) return { active: false, notice: 'paused' };
  return { active: true, ...(absence !== '' && { notice: 'not_participating' }) };
}

function quoteOf({ quote, currency }: GetWidgetResponse): Quote | null {
  if (quote === undefined || quote.points === 0) return null;
  const { pointsPerUnit, points, per, multiplier, excludedProductIds: excluded } = quote;
  return {
    ...(pointsPerUnit === ''
      ? { rate: String(points), per: String(per) }
      : { rate: pointsPerUnit }),
    multiplier,
    currency,
    excluded,
  };
}

function brandingOf(branding: WidgetBranding | undefined, pictures: string): Branding {
  if (branding === undefined) return {};
  const { panelColor, launcherColor, logoUrl, welcome, pageColor, pageTitle } = branding;
  const page = {
    ...(pageColor !== '' && { color: pageColor }),
    ...(pageTitle !== '' && { title: pageTitle }),
  };
  const color = panelColor || launcherColor;
  return {
    ...(color !== '' && { color }),
    ...(logoUrl !== '' && { logo_url: pictureSource(logoUrl, pictures) }),
    ...(welcome !== '' && { welcome }),
    ...(Object.keys(page).length > 0 && { page }),
  };
}

function earnRules({ program, currency, earnActions }: GetWidgetResponse): EarnRule[] {
  const rules: EarnRule[] = [];
  if (program?.active !== true) return rules;
  if (program.purchase?.enabled === true) {
    const { points, per } = program.purchase;
    if (points > 0)
      rules.push({
        action: 'purchase',
        points,
        per: { amount: String(per), currency },
        done: false,
      });
  }
  for (const rule of earnActions) {
    const { action, points, isDone, isClaimable, remaining, networks, amount, spent } = rule;
    if (!isEarnAction(action)) continue;
    rules.push({
      action,
      points,
      ...(amount !== '' && { per: { amount, currency } }),
      ...(amount !== '' && spent !== '' && { progress: goalProgress(spent, amount, currency) }),
      done: isDone,
      ...(isClaimable && { claimable: true }),
      ...(remaining > 0 && { remaining }),
      ...(networks.length > 0 && {
        networks: networks.map(({ network, url, isDone: done }) => ({
          network,
          ...(url !== '' && { url }),
          done,
        })),
      }),
    });
  }
  return rules;
}

const earnActions: ReadonlySet<string> = new Set<EarnAction>(['signup', ...ACTIONS]);

function isEarnAction(action: string): action is EarnAction {
  return earnActions.has(action);
}

/** What has been earned and does not count yet, soonest first: all of it, or of one order. */
const pendingEntries = (balance: Balance | undefined, language: Language, orderId = ''): Entry[] =>
  (balance?.pending ?? [])
    .filter((order) => orderId === '' || order.orderId === orderId)
    .map(({ orderId: id, orderName, points, countsAt }) => ({
      id: `pending/${id}`,
      type: 'earn',
      points,
      at: countsAt,
      reason_code: 'order_pending',
      params: {},
      ...(orderName !== '' && { order_name: orderName }),
      explanation: pendingSentence(orderName, explanations[language]),
    }));

function toEntry(entry: LedgerEntry, language: Language, words: PointsWords): Entry {
  const { explanation } = entry;
  const params: Record<string, string | number> = {};
  if (explanation?.base)
    Object.assign(params, { base: explanation.base.amount, currency: explanation.base.currency });
  if (explanation?.rate) params['rate'] = explanation.rate;
  if (explanation?.refunded) params['refunded'] = explanation.refunded.amount;
  return {
    id: entry.transactionId,
    type: ENTRY_TYPES.find((type) => type === entry.type) ?? 'adjust',
    points: entry.points,
    balance_after: entry.balanceAfter,
    at: entry.occurredAt === '' ? entry.createdAt : entry.occurredAt,
    reason_code: explanation?.reasonCode ?? 'awarded',
    params,
    ...(entry.orderName === '' ? {} : { order_name: entry.orderName }),
    explanation: explainEntry(entry, {
      language,
      sentences: explanations[language],
      words,
      withReason: false,
    }),
  };
}
