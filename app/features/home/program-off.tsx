import { useFetcher } from '@remix-run/react';
import { Banner } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import type { HomeAction } from './home-action.ts';

/** While the program is off no one earns or redeems: shown above everything else, with the switch. */
export function ProgramSwitch({ isActive }: { isActive: boolean }) {
  const { t } = useTranslation();
  const fetcher = useFetcher<HomeAction>();
  const result = fetcher.state === 'idle' ? fetcher.data : undefined;
  const turnOn = () =>
    fetcher.submit({ intent: 'turn_on' }, { method: 'post', action: '/app?index' });
  return (
    <>
      <OutcomeBanner
        answer={result}
        success={result?.ok === true && isActive ? t('home.program.turnedOn') : undefined}
        problem={result?.ok === false ? result.problem : undefined}
        onRetry={turnOn}
      />
      {!isActive && (
        <Banner
          tone="warning"
          title={t('home.program.off')}
          action={{
            content: t('home.program.turnOn'),
            loading: fetcher.state !== 'idle',
            onAction: turnOn,
          }}
        >
          <p>{t('home.program.offBody')}</p>
        </Banner>
      )}
    </>
  );
}
