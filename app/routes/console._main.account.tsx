import { useActionData, useLoaderData } from '@remix-run/react';
import { changeAccount, loadAccount } from '../features/console/account.server.ts';
import { AccountPage } from '../features/console/account-page.tsx';
import { consoleAction, consoleLoader } from '../features/console/console-request.server.ts';

export const loader = consoleLoader(loadAccount);
export const action = consoleAction(changeAccount);

export default function Account() {
  const answer = useActionData<{ ok: boolean }>();
  return <AccountPage {...useLoaderData<typeof loader>()} isChanged={answer?.ok === true} />;
}
