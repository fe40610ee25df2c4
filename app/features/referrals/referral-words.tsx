import { Badge, type BadgeProps } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { Person, SideReward } from '#proto/referrals/v1/referrals.ts';
import { formatDecimal } from '../../i18n/format.ts';
import { useFormat, useShop } from '../../dashboard/shop.ts';
import {
  REFERRAL_CHANNELS,
  REFERRAL_STATUSES,
  type ReferralStatus as Status,
} from '#vocabulary/referrals.ts';

const tones = {
  pending: 'info',
  held: 'attention',
  completed: 'success',
  refused: 'critical',
  expired: undefined,
  reversed: 'warning',
} as const satisfies Record<Status, BadgeProps['tone']>;

export function ReferralStatus({ status }: { status: string }) {
  const { t } = useTranslation();
  const known = REFERRAL_STATUSES.find((one) => one === status);
  if (known === undefined) return null;
  const tone = tones[known];
  return <Badge {...(tone && { tone })}>{t(`referrals.statuses.${known}`)}</Badge>;
}

export function useChannelName(): (channel: string) => string {
  const { t } = useTranslation();
  return (channel) =>
    t(`referrals.channels.${REFERRAL_CHANNELS.find((known) => known === channel) ?? 'copy'}`);
}

/** By name, else by email address; erased people have neither. */
export function usePersonName(): (person: Person | undefined) => string {
  const { t } = useTranslation();
  return (person) => person?.name || person?.email || t('referrals.noName');
}

/** What a side gets, in a few words. */
export function useSideText(): (side: SideReward | undefined) => string {
  const { t } = useTranslation();
  const { points, money, language } = useFormat();
  const { currency } = useShop();
  return (side) => {
    if (side === undefined) return '';
    if (side.kind === 'points') return points(side.points);
    const value =
      side.discount === 'percent'
        ? `${formatDecimal(side.value, language)}${language === 'en' ? '' : '\u00a0'}%`
        : money({ amount: side.value, currency });
    return side.minPurchase === ''
      ? t('referrals.rewards.off', { value })
      : t('referrals.rewards.offFrom', {
          value,
          amount: money({ amount: side.minPurchase, currency }),
        });
  };
}
