import { useFetcher } from '@remix-run/react';
import { BlockStack, Button, Card, Checkbox, InlineStack, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Simulation } from '#proto/points/v1/simulator.ts';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import type { Refusal } from '../../dashboard/refusal.ts';
import { fieldsOf, type ProgramForm } from './program-form.ts';
import { SimulationResult } from './simulation-result.tsx';

/** Tries the rules in the form on the orders of the last year, before anybody saves them. */
export function Simulator({ form }: { form: ProgramForm }) {
  const { t } = useTranslation();
  const fetcher = useFetcher<{ ok: true; simulation: Simulation } | Refusal>();
  const [includesHistory, setIncludesHistory] = useState(false);
  const [tried, setTried] = useState('');
  const fields = { ...fieldsOf(form), history: String(includesHistory) };
  const isTrying = fetcher.state !== 'idle';
  const answer = isTrying ? undefined : fetcher.data;
  const attempt = () => {
    setTried(JSON.stringify(fields));
    fetcher.submit(fields, { method: 'post', action: '/app/program/try' });
  };
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {t('program.try.title')}
        </Text>
        <Text as="p">{t('program.try.help')}</Text>
        <Checkbox
          label={t('program.try.history')}
          helpText={t('program.try.historyHelp')}
          checked={includesHistory}
          onChange={setIncludesHistory}
        />
        <InlineStack>
          <Button onClick={attempt} loading={isTrying}>
            {t('program.try.submit')}
          </Button>
        </InlineStack>
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
          {isTrying && <Text as="p">{t('program.try.running')}</Text>}
          {answer?.ok === true && tried !== JSON.stringify(fields) && (
            <Text as="p" tone="caution">
              {t('program.try.stale')}
            </Text>
          )}
        </div>
        {answer?.ok === true && <SimulationResult simulation={answer.simulation} />}
      </BlockStack>
    </Card>
  );
}
