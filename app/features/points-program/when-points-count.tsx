import { TextField } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { FormSection } from '../../dashboard/form-section.tsx';
import type { ProgramPart } from './program-editor.tsx';

/** For how long the points of an order are pending: as long as it can be returned. */
export function WhenPointsCount({ part: { form, set, errorOf } }: { part: ProgramPart }) {
  const { t } = useTranslation();
  return (
    <FormSection title={t('program.pending.title')}>
      <TextField
        label={t('program.pending.days')}
        helpText={t('program.pending.help')}
        value={form.pendingDays}
        onChange={(value) => set('pendingDays', value)}
        error={errorOf('pendingDays') && t('program.pending.invalid')}
        inputMode="numeric"
        autoComplete="off"
      />
    </FormSection>
  );
}
