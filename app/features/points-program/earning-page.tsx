import { useTranslation } from 'react-i18next';
import { ActionSection } from './action-section.tsx';
import { ProgramEditor } from './program-editor.tsx';
import { Purchases, SignUp } from './program-sections.tsx';
import type { EarningData } from './program.server.ts';

/** One way to earn, with what it would give beside it. */
export function EarningPage({ way, ...data }: EarningData) {
  const { t } = useTranslation();
  return (
    <ProgramEditor data={data} help="earning" title={t(`program.ways.${way}`)}>
      {(part) => {
        if (way === 'purchase') return <Purchases part={part} />;
        if (way === 'signup') return <SignUp part={part} />;
        return (
          <ActionSection
            name={way}
            rule={part.form.earning.actions[way]}
            tiers={part.tiers}
            currency={part.currency}
            errorOf={part.errorOf}
            onChange={(field, rule) =>
              part.setEarning(field, (earning) => ({
                ...earning,
                actions: { ...earning.actions, [way]: rule },
              }))
            }
          />
        );
      }}
    </ProgramEditor>
  );
}
