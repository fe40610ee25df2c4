import type { GetReferralStatusResponse } from '#proto/referrals/v1/referrals.ts';
import { formatNumber } from '../../i18n/format.ts';
import type { Language } from '../../i18n/languages.ts';
import { offerText, sayIn, termsText } from './invitation.server.ts';
import type { OwnReferrals } from './referrals-contract.ts';
import type { ReferralChannel } from '#vocabulary/referrals.ts';

/** Kept as it is in an address, for the page to put the link there. */
const LINK = '[link]';
const encoded = (text: string) => encodeURIComponent(text).replace(encodeURIComponent(LINK), LINK);

const shareBy: Readonly<
  Partial<Record<ReferralChannel, (message: string, subject: string) => string>>
> = {
  sms: (message) => `sms:?&body=${encoded(message)}`,
  whatsapp: (message) => `https://wa.me/?text=${encoded(message)}`,
  email: (message, subject) => `mailto:?subject=${encoded(subject)}&body=${encoded(message)}`,
};

/** A member's link, how to share it, and their friends, in their language. */
export function ownView(
  status: GetReferralStatusResponse,
  language: Language,
  shop: string,
): OwnReferrals {
  const say = sayIn(language);
  const { advocate, friend, currency, pointsName, nextPoints, referrals, completed } = status;
  const next =
    advocate?.kind === 'points' && nextPoints > 0 ? { ...advocate, points: nextPoints } : advocate;
  const give = offerText({ friend, currency, pointsName }, language);
  const get = offerText({ friend: next, currency, pointsName }, language);
  const message = say('own_message', { give, shop });
  const known = {
    pending: 'own_pending',
    completed: 'own_completed',
    expired: 'own_expired',
  } as const;
  const stateOf = (state: string) =>
    say(known[state === 'completed' || state === 'expired' ? state : 'pending']);
  return {
    active: status.active,
    code: status.active && status.referralCode !== '' ? status.referralCode : null,
    title: status.active ? say('own_lead', { give, get }) : say('own_paused'),
    text: status.active ? termsText(status, language) : say('own_paused_text'),
    shares: (['sms', 'whatsapp', 'email'] as const)
      .filter((channel) => status.channels.includes(channel))
      .map((channel) => ({
        channel,
        label: { sms: 'SMS', whatsapp: 'WhatsApp', email: say('own_email') }[channel],
        href: shareBy[channel]?.(`${message}: ${LINK}`, message) ?? '',
      })),
    ...(status.channels.includes('social') && { message }),
    friends: referrals.map(
      ({ referralId: id, friend: name, status: state, createdAt, points }) => ({
        id,
        name: name === '' ? say('own_friend') : name,
        note: stateOf(state),
        at: createdAt,
        points,
      }),
    ),
    progress:
      referrals.length === 0
        ? say('own_none')
        : say('own_progress', {
            done: formatNumber(completed, language),
            all: formatNumber(referrals.length, language),
          }),
    percent: referrals.length === 0 ? 0 : Math.round((completed / referrals.length) * 100),
  };
}
