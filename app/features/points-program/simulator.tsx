import { BlockStack, Button, Checkbox, InlineStack, Text } from '@shopify/polaris';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProgressBar } from '../../dashboard/progress-bar.tsx';
import { SectionCard } from '../../dashboard/section-card.tsx';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import { fieldsOf, type ProgramForm } from './program-form.ts';
import { useTrial } from './trial.ts';

// Fetched while the trial goes on.
const SimulationResult = lazy(() => import('./simulation-result.tsx'));

/** Simulates the form's rules on last year's orders, before they are saved. */
export default function Simulator({ form, currency }: { form: ProgramForm; currency: string }) {
  const { t } = useTranslation();
  const { trial, start, stop } = useTrial('/app/program/try');
  const [includesHistory, setIncludesHistory] = useState(false);
  const [tried, setTried] = useState('');
  const fields = { ...fieldsOf(form), currency, history: String(includesHistory) };
  const progress = trial.kind === 'running' ? trial.progress : undefined;
  const answer = trial.kind === 'answered' ? trial.answer : undefined;
  const attempt = () => {
    setTried(JSON.stringify(fields));
    start(fields);
  };
  return (
    <SectionCard title={t('trial.title')}>
      <Text as="p">{t('trial.help')}</Text>
      <Checkbox
        label={t('trial.history')}
        helpText={t('trial.historyHelp')}
        checked={includesHistory}
        onChange={setIncludesHistory}
      />
      <InlineStack gap="200">
        <Button onClick={attempt} loading={progress !== undefined}>
          {t('trial.submit')}
        </Button>
        {progress && <Button onClick={stop}>{t('trial.stop')}</Button>}
      </InlineStack>
      {progress && <Progress {...progress} />}
      <OutcomeBanner
        answer={answer?.ok === false ? answer : undefined}
        problem={answer?.ok === false ? answer.problem : undefined}
        problemText={
          answer?.ok === false && answer.problem.code === 'invalid_input'
            ? t('program.example.invalid')
            : undefined
        }
      />
      <div aria-live="polite">
        {progress && (
          <Text as="p" id="trial-running">
            {t('trial.running')}
          </Text>
        )}
        {trial.kind === 'stopped' && <Text as="p">{t('trial.stopped')}</Text>}
        {answer?.ok === true && tried !== JSON.stringify(fields) && (
          <Text as="p" tone="caution">
            {t('trial.stale')}
          </Text>
        )}
      </div>
      {answer?.ok === true && (
        <Suspense fallback={null}>
          <SimulationResult simulation={answer.simulation} />
        </Suspense>
      )}
    </SectionCard>
  );
}

function Progress({ done, total }: { done: number; total: number }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <BlockStack gap="100">
      <ProgressBar progress={(100 * done) / Math.max(1, total)} ariaLabelledBy="trial-running" />
      {total > 0 && (
        <Text as="p" tone="subdued">
          {t('trial.progress', {
            done: number(done),
            total: number(total),
          })}
        </Text>
      )}
    </BlockStack>
  );
}
