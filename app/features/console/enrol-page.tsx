import type { QrCode } from './qr-path.server.ts';
import { useWords, ConsoleForm, Field, Narrow, RefusalNotice } from './parts.tsx';

interface EnrolPageProps {
  csrf: string;
  enrolment: { secret: string; otpauthUri: string; qrCode: QrCode } | null;
  recoveryCodes: readonly string[] | undefined;
}

export function EnrolPage({ csrf, enrolment, recoveryCodes }: EnrolPageProps) {
  const { t } = useWords();
  if (recoveryCodes !== undefined)
    return (
      <Narrow title={t('enrol.codesTitle')}>
        <p>{t('enrol.codesHelp')}</p>
        <ul className="c-card grid grid-cols-1 gap-2 font-mono sm:grid-cols-2">
          {recoveryCodes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <a href="/console" className="c-button">
          {t('enrol.kept')}
        </a>
      </Narrow>
    );
  if (enrolment === null)
    return (
      <Narrow title={t('enrol.passwordTitle')}>
        <RefusalNotice />
        <ConsoleForm csrf={csrf} values={{ intent: 'password' }} submit={t('code.submit')}>
          <Field
            label={t('enrol.newPassword')}
            help={t('enrol.passwordHelp')}
            name="newPassword"
            type="password"
            autoComplete="new-password"
          />
        </ConsoleForm>
      </Narrow>
    );
  return (
    <Narrow title={t('enrol.title')}>
      <RefusalNotice />
      <p>{t('enrol.help')}</p>
      <svg
        role="img"
        aria-label={t('enrol.qrCode')}
        viewBox={`0 0 ${enrolment.qrCode.size} ${enrolment.qrCode.size}`}
        shapeRendering="crispEdges"
        className="mx-auto w-56 max-w-full rounded-lg bg-white"
      >
        <path d={enrolment.qrCode.path} fill="#000" />
      </svg>
      <dl className="c-card">
        <dt className="font-medium">{t('enrol.key')}</dt>
        <dd className="font-mono break-all" data-testid="key">
          {enrolment.secret.replace(/(.{4})(?=.)/g, '$1 ')}
        </dd>
      </dl>
      <a href={enrolment.otpauthUri} className="c-quiet">
        {t('enrol.open')}
      </a>
      <ConsoleForm csrf={csrf} values={{ intent: 'authenticator' }} submit={t('code.submit')}>
        <Field
          label={t('code.label')}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
        />
      </ConsoleForm>
    </Narrow>
  );
}
