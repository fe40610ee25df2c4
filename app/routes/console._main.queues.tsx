import { useActionData, useLoaderData } from '@remix-run/react';
import { consoleAction, consoleLoader } from '../features/console/console-request.server.ts';
import { QueuesPage } from '../features/console/queues-page.tsx';
import { actOnQueue, loadQueues } from '../features/console/queues.server.ts';

export const loader = consoleLoader(loadQueues, { scope: 'admin:queues' });
export const action = consoleAction(actOnQueue, { scope: 'admin:queues' });

export default function Queues() {
  const answer = useActionData<typeof action>();
  return (
    <QueuesPage
      {...useLoaderData<typeof loader>()}
      done={answer?.ok === true ? answer : undefined}
    />
  );
}
