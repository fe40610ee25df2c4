import { BlockStack, Card, FormLayout, Select, Text, TextField } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { Basis, LadderForm, Period } from './ladder-form.ts';

interface LadderRulesProps {
  form: LadderForm;
  errorOf: (name: string) => string | undefined;
  onChange: (name: string, changes: Partial<LadderForm>) => void;
}

/** What counts, for how long, and how long a tier is kept. */
export function LadderRules({ form, errorOf, onChange }: LadderRulesProps) {
  const { t } = useTranslation();
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {t('tiers.rules.title')}
        </Text>
        <FormLayout>
          <Select
            label={t('tiers.rules.basis')}
            options={[
              { value: 'spend', label: t('tiers.rules.bySpend') },
              { value: 'points', label: t('tiers.rules.byPoints') },
              { value: 'any', label: t('tiers.rules.byAny') },
              { value: 'all', label: t('tiers.rules.byAll') },
            ]}
            value={form.basis}
            onChange={(value) => onChange('basis', { basis: value as Basis })}
            helpText={t('tiers.rules.basisHelp')}
          />
          <Select
            label={t('tiers.rules.period')}
            options={[
              { value: 'lifetime', label: t('tiers.rules.lifetime') },
              { value: 'calendar_year', label: t('tiers.rules.calendarYear') },
              { value: 'rolling_365', label: t('tiers.rules.rolling') },
            ]}
            value={form.period}
            onChange={(value) => onChange('period', { period: value as Period })}
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
      </BlockStack>
    </Card>
  );
}
