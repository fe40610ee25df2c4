import { FormLayout, Select, TextField } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { SectionCard } from '../../dashboard/section-card.tsx';
import type { TierSetForm } from './tier-set-form.ts';
import { TIER_BASES, TIER_PERIODS, type TierBasis, type TierPeriod } from '#vocabulary/tiers.ts';

interface TierSetRulesProps {
  form: TierSetForm;
  errorOf: (name: string) => string | undefined;
  onChange: (name: string, changes: Partial<TierSetForm>) => void;
}

const bases = {
  spend: 'tiers.rules.bySpend',
  points: 'tiers.rules.byPoints',
  any: 'tiers.rules.byAny',
  all: 'tiers.rules.byAll',
} as const satisfies Record<TierBasis, string>;
const periods = {
  lifetime: 'tiers.rules.lifetime',
  calendar_year: 'tiers.rules.calendarYear',
  rolling_365: 'tiers.rules.rolling',
} as const satisfies Record<TierPeriod, string>;

/** What counts, for how long, and how long a tier is kept. */
export function TierSetRules({ form, errorOf, onChange }: TierSetRulesProps) {
  const { t } = useTranslation();
  return (
    <SectionCard title={t('tiers.rules.title')}>
      <FormLayout>
        <Select
          label={t('tiers.rules.basis')}
          options={TIER_BASES.map((value) => ({ value, label: t(bases[value]) }))}
          value={form.basis}
          onChange={(value) => onChange('basis', { basis: value as TierBasis })}
          helpText={t('tiers.rules.basisHelp')}
        />
        <Select
          label={t('tiers.rules.period')}
          options={TIER_PERIODS.map((value) => ({ value, label: t(periods[value]) }))}
          value={form.period}
          onChange={(value) => onChange('period', { period: value as TierPeriod })}
          helpText={t(`tiers.rules.periodHelp.${form.period}`)}
        />
        <TextField
          label={t('tiers.rules.grace')}
          value={form.graceDays}
          onChange={(graceDays) => onChange('graceDays', { graceDays })}
          error={errorOf('graceDays')}
          helpText={t('tiers.rules.graceHelp')}
          inputMode="numeric"
          autoComplete="off"
        />
      </FormLayout>
    </SectionCard>
  );
}
