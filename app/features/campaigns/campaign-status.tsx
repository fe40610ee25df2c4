import { Badge, type BadgeProps } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { Campaign } from '#proto/points/v1/campaigns.ts';
import { useFormat } from '../../dashboard/shop.ts';
import type { CampaignStatus as CampaignStatusName } from '#vocabulary/campaigns.ts';

const tones = {
  draft: undefined,
  scheduled: 'info',
  active: 'success',
  ended: undefined,
  cancelled: undefined,
} as const satisfies Record<CampaignStatusName, BadgeProps['tone']>;

export function CampaignStatus({ status }: { status: string }) {
  const { t } = useTranslation();
  if (!isStatus(status)) return null;
  const tone = tones[status];
  return <Badge {...(tone && { tone })}>{t(`campaigns.statuses.${status}`)}</Badge>;
}

const isStatus = (status: string): status is keyof typeof tones => Object.hasOwn(tones, status);

/** A campaign's dates, in the shop's time zone. */
export function usePeriod(): (campaign: Pick<Campaign, 'startsAt' | 'endsAt'>) => string {
  const { t } = useTranslation();
  const { dateTime } = useFormat();
  return ({ startsAt, endsAt }) => {
    const start = dateTime(startsAt);
    const end = dateTime(endsAt);
    if (start !== '' && end !== '') return t('campaigns.between', { start, end });
    if (start !== '') return t('campaigns.since', { start });
    return end === '' ? t('campaigns.open') : t('campaigns.until', { end });
  };
}
