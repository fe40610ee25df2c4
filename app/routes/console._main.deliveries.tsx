import { useActionData, useLoaderData } from '@remix-run/react';
import { consoleAction, consoleLoader } from '../features/console/console-request.server.ts';
import { DeliveriesPage } from '../features/console/deliveries-page.tsx';
import { loadDeliveries, replayDeliveries } from '../features/console/deliveries.server.ts';

export const loader = consoleLoader(loadDeliveries, { scope: 'admin:logs' });
export const action = consoleAction(replayDeliveries, { scope: 'admin:queues' });

export default function Deliveries() {
  const answer = useActionData<typeof action>();
  return (
    <DeliveriesPage
      {...useLoaderData<typeof loader>()}
      replayed={answer?.ok === true ? answer.replayed : undefined}
    />
  );
}
