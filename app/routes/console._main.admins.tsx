import { useActionData, useLoaderData } from '@remix-run/react';
import { AdminsPage } from '../features/console/admins-page.tsx';
import { changeAdmins, loadAdmins } from '../features/console/admins.server.ts';
import { consoleAction, consoleLoader } from '../features/console/console-request.server.ts';

export const loader = consoleLoader(loadAdmins, { scope: 'admin:full_access' });
export const action = consoleAction(changeAdmins, { scope: 'admin:full_access' });

export default function Admins() {
  const answer = useActionData<typeof action>();
  return (
    <AdminsPage
      {...useLoaderData<typeof loader>()}
      done={answer?.ok === true ? answer : undefined}
    />
  );
}
