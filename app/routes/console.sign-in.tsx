import { signIn } from '../features/console/account.server.ts';
import { visitorAction, visitorLoader } from '../features/console/console-request.server.ts';
import {
  ConsoleForm,
  Field,
  Narrow,
  RefusalNotice,
  useRefusal,
  useWords,
} from '../features/console/parts.tsx';

export const loader = visitorLoader(() => Promise.resolve(null));
export const action = visitorAction(signIn);

export default function SignIn() {
  const { t } = useWords();
  const isWrong = useRefusal()?.code === 'unauthenticated';
  return (
    <Narrow title={t('signIn.title')}>
      <RefusalNotice {...(isWrong ? { text: t('signIn.wrong') } : {})} />
      <ConsoleForm submit={t('signIn.submit')}>
        <Field
          label={t('signIn.login')}
          name="login"
          autoComplete="username"
          autoCapitalize="none"
        />
        <Field
          label={t('signIn.password')}
          name="password"
          type="password"
          autoComplete="current-password"
        />
      </ConsoleForm>
    </Narrow>
  );
}
