import {
  BlockStack,
  Card,
  ChoiceList,
  FormLayout,
  SkeletonBodyText,
  Text,
  TextField,
} from '@shopify/polaris';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat, useShop } from '../../dashboard/shop.ts';
import type { FormPart } from './form-part.ts';
import type { Tier } from './campaign.server.ts';
import { REGIONS } from '#vocabulary/campaigns.ts';
import { SEGMENTS } from '#vocabulary/segments.ts';

// The list of all countries, and what searches it, come after the form.
const CountryPicker = lazy(() => import('./country-picker.tsx'));

/** The campaign's audience and orders. Nothing selected means all members and all orders. */
export function CampaignAudience({ tiers, ...part }: FormPart & { tiers: readonly Tier[] }) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const { form, set, hasBegun } = part;
  const nameOf = ({ names }: Tier) =>
    names[language] || names['en'] || Object.values(names)[0] || t('campaign.audience.tier');
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t('campaign.audience.title')}
          </Text>
          <Text as="p" tone="subdued">
            {t('campaign.audience.help')}
          </Text>
        </BlockStack>
        <FormLayout>
          <ChoiceList
            allowMultiple
            title={t('campaign.audience.segments')}
            choices={SEGMENTS.map((value) => ({ value, label: t(`campaign.segments.${value}`) }))}
            selected={[...form.segments]}
            onChange={(values) => set('segments', values)}
            disabled={hasBegun}
          />
          {tiers.length > 0 && (
            <ChoiceList
              allowMultiple
              title={t('campaign.audience.tiers')}
              choices={tiers.map((tier) => ({ value: tier.tierId, label: nameOf(tier) }))}
              selected={[...form.tierIds]}
              onChange={(values) => set('tierIds', values)}
              disabled={hasBegun}
            />
          )}
          {form.kind === 'lifecycle' && form.trigger !== 'first_order' ? (
            <Text as="p" tone="subdued">
              {t('campaign.audience.noOrder')}
            </Text>
          ) : (
            <Orders {...part} />
          )}
        </FormLayout>
      </BlockStack>
    </Card>
  );
}

/** Which orders it is for. */
function Orders({ form, set, errorOf, hasBegun }: FormPart) {
  const { t } = useTranslation();
  const { currency } = useShop();
  return (
    <FormLayout>
      {form.kind === 'discount' && (
        <Text as="p" tone="subdued">
          {t('campaign.audience.discountHelp')}
        </Text>
      )}
      <ChoiceList
        allowMultiple
        title={t('campaign.audience.regions')}
        choices={REGIONS.map((value) => ({ value, label: t(`campaign.regions.${value}`) }))}
        selected={[...form.regions]}
        onChange={(values) => set('regions', values)}
        disabled={hasBegun}
      />
      <Suspense fallback={<SkeletonBodyText lines={2} />}>
        <CountryPicker
          selected={form.countries}
          onChange={(values) => set('countries', values)}
          disabled={hasBegun}
        />
      </Suspense>
      <TextField
        label={t('campaign.audience.minSpend')}
        helpText={t('campaign.audience.minSpendHelp')}
        suffix={currency}
        value={form.minSpend}
        onChange={(value) => set('minSpend', value)}
        error={errorOf('minSpend')}
        disabled={hasBegun}
        inputMode="decimal"
        autoComplete="off"
      />
    </FormLayout>
  );
}
