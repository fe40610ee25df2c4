import { ConsoleForm, Field, Notice, RefusalNotice, useWords } from './parts.tsx';

interface AccountPageProps {
  csrf: string;
  expiresAt: string;
  recoveryCodesLeft: number;
  isChanged: boolean;
}

export function AccountPage({ csrf, expiresAt, recoveryCodesLeft, isChanged }: AccountPageProps) {
  const { t, number, time } = useWords();
  const current = (
    <Field
      label={t('account.current')}
      name="currentPassword"
      type="password"
      autoComplete="current-password"
    />
  );
  return (
    <>
      <h1 className="text-2xl font-bold">{t('account.title')}</h1>
      <RefusalNotice />
      {isChanged ? <Notice tone="good">{t('account.changed')}</Notice> : null}
      <p>{t('account.expires', { time: time(expiresAt) })}</p>
      <div className="grid grid-cols-1 gap-6 md:grid-cols-2">
        <section className="c-card space-y-4">
          <h2 className="text-lg font-semibold">{t('account.password')}</h2>
          <p>{t('account.passwordHelp')}</p>
          <ConsoleForm csrf={csrf} values={{ intent: 'password' }} submit={t('account.password')}>
            {current}
            <Field
              label={t('enrol.newPassword')}
              help={t('enrol.passwordHelp')}
              name="newPassword"
              type="password"
              autoComplete="new-password"
            />
          </ConsoleForm>
        </section>
        <section className="c-card space-y-4">
          <h2 className="text-lg font-semibold">{t('account.authenticator')}</h2>
          <p>{t('account.codesLeft', { number: number(recoveryCodesLeft) })}</p>
          <ConsoleForm
            csrf={csrf}
            values={{ intent: 'authenticator' }}
            submit={t('account.replace')}
          >
            {current}
            <Field
              label={t('code.label')}
              help={t('code.help')}
              name="code"
              autoComplete="one-time-code"
            />
          </ConsoleForm>
        </section>
      </div>
      <ConsoleForm
        csrf={csrf}
        values={{ intent: 'everywhere' }}
        submit={t('account.everywhere')}
        quiet
      />
    </>
  );
}
