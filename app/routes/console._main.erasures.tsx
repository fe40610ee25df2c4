import { useActionData, useLoaderData } from '@remix-run/react';
import { consoleAction, consoleLoader } from '../features/console/console-request.server.ts';
import { ErasuresPage } from '../features/console/erasures-page.tsx';
import { changeErasure, loadErasures } from '../features/console/erasures.server.ts';

export const loader = consoleLoader(loadErasures, { scope: 'admin:logs' });
export const action = consoleAction(changeErasure, { scope: 'admin:full_access' });

export default function Erasures() {
  const answer = useActionData<typeof action>();
  return <ErasuresPage {...useLoaderData<typeof loader>()} isSaved={answer?.ok === true} />;
}
