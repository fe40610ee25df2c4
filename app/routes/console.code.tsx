import { useLoaderData } from '@remix-run/react';
import { confirmCode } from '../features/console/account.server.ts';
import { consoleAction, consoleLoader } from '../features/console/console-request.server.ts';
import { ConsoleForm, Field, Narrow, RefusalNotice, useWords } from '../features/console/parts.tsx';

export const loader = consoleLoader(({ csrf }) => Promise.resolve({ csrf }), {
  stages: ['second_factor'],
});
export const action = consoleAction(confirmCode, { stages: ['second_factor'] });

export default function Code() {
  const { csrf } = useLoaderData<typeof loader>();
  const { t } = useWords();
  return (
    <Narrow title={t('code.title')}>
      <RefusalNotice />
      <ConsoleForm csrf={csrf} submit={t('code.submit')}>
        <Field
          label={t('code.label')}
          help={t('code.help')}
          name="code"
          autoComplete="one-time-code"
        />
      </ConsoleForm>
    </Narrow>
  );
}
