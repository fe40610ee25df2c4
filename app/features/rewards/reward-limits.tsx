import { Checkbox, ChoiceList, TextField } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../dashboard/shop.ts';
import { shapeOf } from './reward-form.ts';
import type { RewardForm } from './reward-form.ts';
import { FormSection } from '../../dashboard/form-section.tsx';
import type { TierChoice } from './rewards.server.ts';

interface RewardLimitsProps {
  form: RewardForm;
  set: <Name extends keyof RewardForm>(name: Name, value: RewardForm[Name]) => void;
  errorOf: (name: string) => string | undefined;
  currency: string;
  tiers: readonly TierChoice[];
}

/** For whom, for how long, and with which other discounts. */
export function RewardLimits({ form, set, errorOf, currency, tiers }: RewardLimitsProps) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const { isCode } = shapeOf(form);
  return (
    <>
      <FormSection title={t('rewards.section.limits')}>
        {isCode && (
          <TextField
            label={t('rewards.field.minPurchase')}
            helpText={t('rewards.field.minPurchaseHelp')}
            value={form.minPurchase}
            onChange={(value) => set('minPurchase', value)}
            error={errorOf('minPurchase')}
            suffix={currency}
            inputMode="decimal"
            autoComplete="off"
          />
        )}
        <TextField
          label={t('rewards.field.expires')}
          helpText={t('rewards.field.expiresHelp')}
          value={form.expiresAfterDays}
          onChange={(value) => set('expiresAfterDays', value)}
          error={errorOf('expiresAfterDays')}
          inputMode="numeric"
          autoComplete="off"
        />
        {isCode && (
          <TextField
            label={t('rewards.field.prefix')}
            helpText={t('rewards.field.prefixHelp', {
              code: `${form.codePrefix.trim().toUpperCase() || 'LN'}-7K3M9QWXZ2BC4`,
            })}
            value={form.codePrefix}
            onChange={(value) => set('codePrefix', value)}
            error={errorOf('codePrefix')}
            maxLength={10}
            autoComplete="off"
          />
        )}
        {tiers.length > 0 && (
          <ChoiceList
            allowMultiple
            title={t('rewards.field.tiers')}
            choices={tiers.map(({ tierId, name }) => ({
              value: tierId,
              label: name[language] ?? name['en'] ?? tierId,
            }))}
            selected={form.tierIds === '' ? [] : form.tierIds.split(',')}
            onChange={(selected) => set('tierIds', selected.join(','))}
          />
        )}
      </FormSection>
      {isCode && (
        <FormSection title={t('rewards.section.combines')}>
          <Checkbox
            label={t('rewards.field.combineProduct')}
            checked={form.combineProduct}
            onChange={(value) => set('combineProduct', value)}
          />
          <Checkbox
            label={t('rewards.field.combineOrder')}
            checked={form.combineOrder}
            onChange={(value) => set('combineOrder', value)}
          />
          {form.kind !== 'free_shipping' && (
            <Checkbox
              label={t('rewards.field.combineShipping')}
              checked={form.combineShipping}
              onChange={(value) => set('combineShipping', value)}
            />
          )}
        </FormSection>
      )}
    </>
  );
}
