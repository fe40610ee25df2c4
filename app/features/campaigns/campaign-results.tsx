import { useTranslation } from 'react-i18next';
import { SectionCard } from '../../dashboard/section-card.tsx';
import type { Campaign } from '#proto/points/v1/campaigns.ts';
import { useFormat } from '../../dashboard/shop.ts';

/** A campaign's results so far. */
export function CampaignResults({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { number, money, points } = useFormat();
  const { results } = campaign;
  return (
    <SectionCard title={t('campaign.results.title')}>
      <dl className="ln-figures">
        {campaign.type === 'discount' ? (
          <div className="ln-figure">
            <dt>{t('campaign.results.codes')}</dt>
            <dd className="ln-value">{number(results?.codes ?? 0)}</dd>
            <dd className="ln-note">{t('campaign.results.codesNote')}</dd>
          </div>
        ) : (
          <div className="ln-figure">
            <dt>{t('campaign.results.points')}</dt>
            <dd className="ln-value">{points(results?.points ?? 0)}</dd>
            <dd className="ln-note">{t('campaign.results.pointsNote')}</dd>
          </div>
        )}
        <div className="ln-figure">
          <dt>{t('campaign.results.members')}</dt>
          <dd className="ln-value">{number(results?.members ?? 0)}</dd>
        </div>
        <div className="ln-figure">
          <dt>{t('campaign.results.orders')}</dt>
          <dd className="ln-value">{number(results?.orders ?? 0)}</dd>
          {results?.sales && results.orders > 0 && (
            <dd className="ln-note">
              {t('campaign.results.sales', { amount: money(results.sales) })}
            </dd>
          )}
        </div>
      </dl>
    </SectionCard>
  );
}
