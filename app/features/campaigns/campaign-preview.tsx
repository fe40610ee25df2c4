import { useFetcher } from '@remix-run/react';
import { BlockStack, Card, SkeletonBodyText, Text } from '@shopify/polaris';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat, useShop } from '../../dashboard/shop.ts';
import { fieldsOf, type CampaignForm } from './campaign-form.ts';
import type { PreviewData } from './campaign.server.ts';

const ASK_AFTER_MS = 400;

/** What the campaign in the form would have cost last month, recomputed shortly after a change. */
export function CampaignPreview({ form }: { form: CampaignForm }) {
  const { t } = useTranslation();
  const { currency } = useShop();
  const { load, data, state } = useFetcher<PreviewData>();
  // Names and dates do not change what is counted.
  const asked = new URLSearchParams({
    ...fieldsOf(form),
    currency,
    name: '',
    nameEs: '',
    nameFr: '',
    startLocal: '',
    endLocal: '',
  }).toString();
  const loadRef = useRef(load);
  loadRef.current = load;
  useEffect(() => {
    const timer = setTimeout(
      () => loadRef.current(`/app/campaigns/preview?${asked}`),
      ASK_AFTER_MS,
    );
    return () => clearTimeout(timer);
  }, [asked]);
  const isBusy = state !== 'idle';
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t('campaign.preview.title')}
          </Text>
          <Text as="p" tone="subdued">
            {t('campaign.preview.help')}
          </Text>
        </BlockStack>
        <div
          aria-live="polite"
          aria-busy={isBusy}
          className={isBusy && data ? 'ln-busy' : undefined}
        >
          {data === undefined ? (
            <SkeletonBodyText lines={3} />
          ) : (
            <Answer {...data} isDiscount={form.kind === 'discount'} />
          )}
        </div>
      </BlockStack>
    </Card>
  );
}

function Answer({
  preview,
  isUnavailable,
  isDiscount,
}: PreviewData & { readonly isDiscount: boolean }) {
  const { t } = useTranslation();
  const { number, points, money } = useFormat();
  if (preview === undefined)
    return (
      <Text as="p" tone="subdued">
        {t(isUnavailable ? 'campaign.preview.unavailable' : 'campaign.preview.invalid')}
      </Text>
    );
  return (
    <dl className="ln-figures">
      {isDiscount && preview.cost !== undefined ? (
        <div className="ln-figure">
          <dt>{t('campaign.preview.discount')}</dt>
          <dd className="ln-value">{money(preview.cost)}</dd>
          <dd className="ln-note">{t('campaign.preview.discountNote')}</dd>
        </div>
      ) : (
        <div className="ln-figure">
          <dt>{t('campaign.preview.points')}</dt>
          <dd className="ln-value">{points(preview.points)}</dd>
          <dd className="ln-note">
            {preview.cost === undefined
              ? t('campaign.preview.noCost')
              : t('campaign.preview.cost', { amount: money(preview.cost) })}
          </dd>
        </div>
      )}
      <div className="ln-figure">
        <dt>{t('campaign.preview.members')}</dt>
        <dd className="ln-value">{number(preview.members)}</dd>
      </div>
      <div className="ln-figure">
        <dt>{t('campaign.preview.orders')}</dt>
        <dd className="ln-value">{number(preview.matchingOrders)}</dd>
        <dd className="ln-note">
          {t(preview.partial ? 'campaign.preview.ofNewest' : 'campaign.preview.ofOrders', {
            count: preview.orders,
            formatted: number(preview.orders),
          })}
        </dd>
      </div>
    </dl>
  );
}
