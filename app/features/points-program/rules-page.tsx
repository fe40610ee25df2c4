import { useTranslation } from 'react-i18next';
import { GoodsAndTests } from './goods-and-tests.tsx';
import { ProgramEditor } from './program-editor.tsx';
import { Refunds } from './program-sections.tsx';
import { Multipliers, Participants } from './purchase-details.tsx';
import type { ProgramData } from './program.server.ts';
import { WhenPointsCount } from './when-points-count.tsx';

/** Who earns on which purchases, what multiplies them, and what a refund does. */
export function RulesPage(data: ProgramData) {
  const { t } = useTranslation();
  return (
    <ProgramEditor data={data} help="earning" title={t('program.rules.title')}>
      {(part) => (
        <>
          <Participants part={part} />
          <GoodsAndTests form={part.form} set={part.set} />
          <WhenPointsCount part={part} />
          <Multipliers part={part} />
          <Refunds part={part} />
        </>
      )}
    </ProgramEditor>
  );
}
