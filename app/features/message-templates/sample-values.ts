import type { Language } from '../../i18n/languages.ts';

interface Sample {
  readonly reward: string;
  readonly offer: string;
  readonly tiers: readonly [higher: string, lower: string];
}

const SAMPLES: Readonly<Record<Language, Sample>> = {
  en: { reward: '10% off', offer: '15% off', tiers: ['Gold', 'Silver'] },
  es: { reward: '10 % de descuento', offer: '15 % de descuento', tiers: ['Oro', 'Plata'] },
  fr: { reward: '10 % de réduction', offer: '15 % de réduction', tiers: ['Or', 'Argent'] },
};

const DAY_MS = 86_400_000;

/** A member who is not there, for a preview: the date is in a month's time. */
export function sampleValues(language: Language, now: Date): Record<string, string> {
  const { reward, offer, tiers } = SAMPLES[language];
  return {
    first_name: 'Camille',
    points_balance: '1250',
    points: '120',
    order_name: '#1001',
    expires_on: new Date(now.getTime() + 30 * DAY_MS).toISOString(),
    reward_name: reward,
    code: 'LN-7F3K-2M9Q',
    advocate_name: 'Alex Martin',
    friend_name: 'Alex',
    offer,
    tier_name: tiers[0],
    previous_tier_name: tiers[1],
  };
}
