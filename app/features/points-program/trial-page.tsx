import { SkeletonBodyText } from '@shopify/polaris';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { SectionCard } from '../../dashboard/section-card.tsx';
import { ProgramEditor } from './program-editor.tsx';
import { Purchases } from './program-sections.tsx';
import { Multipliers } from './purchase-details.tsx';
import type { ProgramData } from './program.server.ts';

// Comes after the form, which is what it tries.
const Simulator = lazy(() => import('./simulator.tsx'));

/** Rules beside what they would have given on last year's orders: the result first, the rules below it. */
export function TrialPage(data: ProgramData) {
  const { t } = useTranslation();
  return (
    <ProgramEditor
      data={data}
      help="earning"
      title={t('trial.title')}
      top={({ form, currency }) => (
        <Suspense
          fallback={
            <SectionCard title={t('trial.title')}>
              <SkeletonBodyText lines={5} />
            </SectionCard>
          }
        >
          <Simulator form={form} currency={currency} />
        </Suspense>
      )}
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
