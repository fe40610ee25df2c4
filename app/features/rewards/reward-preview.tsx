import { BlockStack, Box, InlineStack, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { SectionCard } from '../../dashboard/section-card.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import { readTypedAmount } from '../../i18n/typed-amount.ts';
import { readTypedWhole } from '../../i18n/typed-number.ts';
import type { RewardForm } from './reward-form.ts';
import { useWorth } from './worth.ts';

/** The shopper's card with the form's values. */
export function RewardPreview({ form, currency }: { form: RewardForm; currency: string }) {
  const { t } = useTranslation();
  const { language, money } = useFormat();
  const worth = useWorth(currency);
  const own = { en: form.titleEn, es: form.titleEs, fr: form.titleFr }[language];
  const description = {
    en: form.descriptionEn,
    es: form.descriptionEs,
    fr: form.descriptionFr,
  }[language];
  const minimum = readTypedAmount(form.minPurchase, currency);
  const days = readTypedWhole(form.expiresAfterDays);
  const facts = [
    worth.value(form),
    form.appliesTo === 'collection' && form.targetTitle !== '' && form.kind !== 'free_product'
      ? t('rewards.preview.only', { title: form.targetTitle })
      : undefined,
    minimum === undefined
      ? undefined
      : t('rewards.preview.from', { amount: money({ amount: minimum, currency }) }),
    days ? t('rewards.preview.days', { count: days }) : undefined,
  ].filter((fact) => fact !== undefined);
  return (
    <SectionCard title={t('rewards.preview.title')}>
      <Box borderColor="border" borderWidth="025" borderRadius="300" padding="400">
        <BlockStack gap="200">
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <Text as="h3" variant="headingSm" breakWord>
              {own || form.titleEn || t('rewards.preview.noTitle')}
            </Text>
            <Text as="span" fontWeight="semibold">
              {worth.cost(form) ?? '–'}
            </Text>
          </InlineStack>
          {(description || form.descriptionEn) !== '' && (
            <Text as="p" breakWord>
              {description || form.descriptionEn}
            </Text>
          )}
          {facts.map((fact) => (
            <Text as="p" tone="subdued" key={fact}>
              {fact}
            </Text>
          ))}
        </BlockStack>
      </Box>
      {form.channel === 'pos' && (
        <Text as="p" tone="subdued">
          {t('rewards.preview.pos')}
        </Text>
      )}
    </SectionCard>
  );
}
