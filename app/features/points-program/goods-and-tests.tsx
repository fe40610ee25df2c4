import { Checkbox, ChoiceList } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { choicesOf } from '../../dashboard/choices.ts';
import { FormSection } from '../../dashboard/form-section.tsx';
import { testOrdersOf, type ProgramForm } from './program-form.ts';
import type { TestOrders } from '#vocabulary/earning.ts';

interface GoodsAndTestsProps {
  form: ProgramForm;
  set: <Name extends keyof ProgramForm>(name: Name, value: ProgramForm[Name]) => void;
}

/** What is no ordinary purchase: money in another form, and no money at all. */
export function GoodsAndTests({ form, set }: GoodsAndTestsProps) {
  const { t } = useTranslation();
  return (
    <FormSection title={t('program.special.title')}>
      <Checkbox
        label={t('program.special.giftCards')}
        helpText={t('program.special.giftCardsHelp')}
        checked={form.giftCards === 'earn'}
        onChange={(value) => set('giftCards', value ? 'earn' : 'nothing')}
      />
      <ChoiceList
        title={t('program.special.testOrders')}
        choices={choicesOf<TestOrders>({
          auto: { label: t('program.special.auto'), helpText: t('program.special.autoHelp') },
          on: t('program.special.on'),
          off: t('program.special.off'),
        })}
        selected={[form.testOrders]}
        onChange={([value]) => set('testOrders', testOrdersOf(value))}
      />
    </FormSection>
  );
}
