import type { SideReward } from '#proto/referrals/v1/referrals.ts';
import { valueText } from '../../explanations/reward-title.ts';
import { formatMoney, formatPoints, pointsWords } from '../../i18n/format.ts';
import type { PointsWords } from '../../i18n/format.ts';
import type { Language } from '../../i18n/languages.ts';
import en from '../../i18n/locales/en/invitation.json' with { type: 'json' };
import es from '../../i18n/locales/es/invitation.json' with { type: 'json' };
import fr from '../../i18n/locales/fr/invitation.json' with { type: 'json' };

type Words = typeof en;
const catalogs: Readonly<Record<Language, Words>> = { en, es, fr };

/** What an invitation promises, as GetOffer and ClaimReferral answer. */
export interface Promised {
  readonly friend?: SideReward | undefined;
  readonly goal: string;
  readonly minOrder?: { readonly amount: string; readonly currency: string } | undefined;
  readonly currency: string;
  /** What the shop calls its points, by language. */
  readonly pointsName: Readonly<Record<string, PointsWords>>;
}

/** What a page says. Texts are plain: who writes them into HTML escapes them. */
export interface Message {
  readonly title: string;
  readonly lines: readonly string[];
}

export type Say = (key: keyof Words, parts?: Readonly<Record<string, string>>) => string;

export const sayIn =
  (language: Language): Say =>
  (key, parts = {}) =>
    // Names may hold anything: they are put in, and nothing is read of what was put in.
    catalogs[language][key].replace(/\{\{(\w+)\}\}/g, (_, part: string) => parts[part] ?? '');

/** `$10 off`, `500 points`; empty where nothing is promised. */
export function offerText(
  { friend, currency, pointsName }: Pick<Promised, 'friend' | 'currency' | 'pointsName'>,
  language: Language,
): string {
  if (friend === undefined) return '';
  const say = sayIn(language);
  if (friend.kind === 'points') {
    if (friend.points === 0) return '';
    return formatPoints(friend.points, language, pointsWords(pointsName, language));
  }
  const value =
    friend.discount === 'percent' ? { percent: friend.value } : { amount: friend.value, currency };
  return say('off', { value: valueText(value, language) });
}

const isDiscount = ({ friend }: Promised) => friend?.kind === 'discount';

function conditions(promise: Promised, language: Language): string[] {
  const say = sayIn(language);
  const { friend, goal, minOrder, currency } = promise;
  const amountOf = (amount: string) => formatMoney({ amount, currency }, language);
  return [
    ...(goal === 'first_order' && minOrder !== undefined
      ? [say('min_order', { amount: formatMoney(minOrder, language) })]
      : []),
    ...(friend?.kind === 'discount' && friend.minPurchase !== ''
      ? [say('min_purchase', { amount: amountOf(friend.minPurchase) })]
      : []),
  ];
}

export interface Invitation extends Promised {
  /** Empty when it is not known. */
  readonly advocateFirstName: string;
  readonly shopName: string;
}

/** Who invites, to what, and what it takes. Without an offer, as while core is away: that someone did. */
export function invitationText(offer: Invitation | undefined, language: Language): Message {
  const say = sayIn(language);
  const promised = offer === undefined ? '' : offerText(offer, language);
  if (offer === undefined || promised === '')
    return { title: say('plain'), lines: [say('plain_lead')] };
  const { advocateFirstName: name } = offer;
  const goal = offer.goal === 'first_order' ? 'order' : 'signup';
  const parts = { offer: promised, shop: offer.shopName };
  return {
    title: name === '' ? say('by_friend', parts) : say('by_name', { ...parts, name }),
    lines: [
      say(`${goal}_${isDiscount(offer) ? 'discount' : 'points'}`, parts),
      ...conditions(offer, language),
      say('new_only'),
    ],
  };
}

/** What an advocate waits for. */
export function termsText(promise: Promised, language: Language): string {
  const say = sayIn(language);
  const when = say(promise.goal === 'first_order' ? 'when_order' : 'when_signup');
  return [when, ...conditions(promise, language)].join(' ');
}

/** What came of a claim, with its reason where it was refused. */
export function claimText(status: string, promise: Promised, language: Language): Message {
  const say = sayIn(language);
  switch (status) {
    case 'claimed': {
      const offer = offerText(promise, language);
      const how = isDiscount(promise)
        ? 'claimed_discount'
        : promise.goal === 'first_order'
          ? 'claimed_order'
          : 'claimed_points';
      return {
        title: say('claimed'),
        lines: offer === '' ? [] : [say(how, { offer }), ...conditions(promise, language)],
      };
    }
    case 'already_claimed':
    case 'own_link':
    case 'existing_customer':
      return { title: say(status), lines: [say(`${status}_text`)] };
    default:
      return { title: say('ended'), lines: [say('ended_text')] };
  }
}
