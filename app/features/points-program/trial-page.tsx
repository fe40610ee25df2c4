import { useTranslation } from 'react-i18next';
import { ProgramEditor } from './program-editor.tsx';
import { Purchases } from './program-sections.tsx';
import { Multipliers } from './purchase-details.tsx';
import type { ProgramData } from './program.server.ts';
import { Simulator } from './simulator.tsx';

/** Rules beside what they would have given on last year's orders: the result first, the rules below it. */
export function TrialPage(data: ProgramData) {
  const { t } = useTranslation();
  return (
    <ProgramEditor
      data={data}
      help="earning"
      title={t('program.try.title')}
      top={({ form, currency }) => <Simulator form={form} currency={currency} />}
    >
      {(part) => (
        <>
          <Purchases part={part} />
          <Multipliers part={part} />
        </>
      )}
    </ProgramEditor>
  );
}
