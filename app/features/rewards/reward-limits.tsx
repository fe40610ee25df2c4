import { Checkbox, ChoiceList } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../dashboard/shop.ts';
import { FormSection } from '../../dashboard/form-section.tsx';
import { RewardField } from './reward-field.tsx';
import type { FormPart } from './reward-field.tsx';
import { shapeOf } from './reward-form.ts';
import type { TierChoice } from './rewards.server.ts';

interface RewardLimitsProps {
  part: FormPart;
  tiers: readonly TierChoice[];
}

/** For whom, for how long, and with which other discounts. */
export function RewardLimits({ part, tiers }: RewardLimitsProps) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const { form, set, currency } = part;
  const { isCode } = shapeOf(form);
  return (
    <>
      <FormSection title={t('rewards.section.limits')}>
        {isCode && (
          <RewardField
            part={part}
            name="minPurchase"
            label={t('rewards.field.minPurchase')}
            helpText={t('rewards.field.minPurchaseHelp')}
            suffix={currency}
            inputMode="decimal"
          />
        )}
        <RewardField
          part={part}
          name="expiresAfterDays"
          label={t('rewards.field.expires')}
          helpText={t('rewards.field.expiresHelp')}
          inputMode="numeric"
        />
        {isCode && (
          <RewardField
            part={part}
            name="codePrefix"
            label={t('rewards.field.prefix')}
            helpText={t('rewards.field.prefixHelp', {
              code: `${form.codePrefix.trim().toUpperCase() || 'LN'}-7K3M9QWXZ2BC4`,
            })}
            maxLength={10}
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
      {isCode && <Combinations form={form} set={set} />}
    </>
  );
}

function Combinations({ form, set }: Pick<FormPart, 'form' | 'set'>) {
  const { t } = useTranslation();
  return (
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
  );
}
