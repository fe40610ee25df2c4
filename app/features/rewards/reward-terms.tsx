import { Checkbox, ChoiceList } from '@shopify/polaris';
import type { SetStateAction } from 'react';
import { useTranslation } from 'react-i18next';
import { choicesOf } from '../../dashboard/choices.ts';
import { FormSection } from '../../dashboard/form-section.tsx';
import { RewardField } from './reward-field.tsx';
import type { FormPart } from './reward-field.tsx';
import { isPercent, shapeOf } from './reward-form.ts';
import type { RewardForm } from './reward-form.ts';
import { RewardTarget } from './reward-target.tsx';
import {
  REWARD_DISCOUNTS,
  REWARD_MODES,
  type RewardDiscount,
  type RewardMode,
} from '#vocabulary/rewards.ts';

interface RewardTermsProps {
  part: FormPart;
  change: (name: string, next: SetStateAction<RewardForm>) => void;
}

/** What it costs, and what is had for it. */
export function RewardTerms({ part, change }: RewardTermsProps) {
  const { t } = useTranslation();
  const { form, set, currency } = part;
  const shape = shapeOf(form);
  const isIncremental = form.mode === 'incremental';
  return (
    <FormSection title={t('rewards.section.what')}>
      <Checkbox
        label={t('rewards.field.active')}
        helpText={t('rewards.field.activeHelp')}
        checked={form.active}
        onChange={(value) => set('active', value)}
      />
      {form.kind === 'coupon' && <DiscountChoice form={form} set={set} />}
      {shape.mayBeIncremental && <ModeChoice form={form} set={set} />}
      <RewardField
        part={part}
        name="pointsCost"
        label={t(isIncremental ? 'rewards.field.stepCost' : 'rewards.field.cost')}
        inputMode="numeric"
      />
      {(shape.hasAmount || isPercent(form)) && (
        <RewardField
          part={part}
          name="value"
          label={t(isIncremental ? 'rewards.field.stepValue' : 'rewards.field.value')}
          suffix={isPercent(form) ? '%' : currency}
          inputMode="decimal"
        />
      )}
      {isIncremental &&
        (['minPoints', 'maxPoints'] as const).map((name) => (
          <RewardField
            key={name}
            part={part}
            name={name}
            label={t(`rewards.field.${name}`)}
            inputMode="numeric"
          />
        ))}
      {form.kind === 'free_shipping' && (
        <RewardField
          part={part}
          name="maxShipping"
          label={t('rewards.field.maxShipping')}
          helpText={t('rewards.field.maxShippingHelp')}
          suffix={currency}
          inputMode="decimal"
        />
      )}
      <RewardTarget form={form} change={change} errorOf={part.errorOf} />
    </FormSection>
  );
}

function DiscountChoice({ form, set }: Pick<FormPart, 'form' | 'set'>) {
  const { t } = useTranslation();
  return (
    <ChoiceList
      title={t('rewards.field.discount')}
      choices={choicesOf<RewardDiscount>({
        amount: t('rewards.field.amount'),
        percent: t('rewards.field.percent'),
      })}
      selected={[form.discount]}
      onChange={([value]) =>
        set('discount', REWARD_DISCOUNTS.find((one) => one === value) ?? form.discount)
      }
    />
  );
}

function ModeChoice({ form, set }: Pick<FormPart, 'form' | 'set'>) {
  const { t } = useTranslation();
  return (
    <ChoiceList
      title={t('rewards.field.mode')}
      choices={choicesOf<RewardMode>({
        fixed: t('rewards.field.fixed'),
        incremental: {
          label: t('rewards.field.incremental'),
          helpText: t('rewards.field.incrementalHelp'),
        },
      })}
      selected={[form.mode]}
      onChange={([value]) => set('mode', REWARD_MODES.find((one) => one === value) ?? form.mode)}
    />
  );
}
