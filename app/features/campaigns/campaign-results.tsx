import { BlockStack, Card, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { Campaign } from '#proto/points/v1/campaigns.ts';
import { useFormat } from '../../dashboard/shop.ts';

/** A campaign's results so far. */
export function CampaignResults({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation();
  const { number, money, points } = useFormat();
  const { results } = campaign;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('campaign.results.title')}
        </Text>
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
      </BlockStack>
    </Card>
  );
}
