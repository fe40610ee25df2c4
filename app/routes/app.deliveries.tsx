import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { DeliveriesPage } from '../features/deliveries/deliveries-page.tsx';
import { loadDeliveries, replayDeliveries } from '../features/deliveries/deliveries.server.ts';
import { webhookTopics } from '../shopify/webhook-topics.ts';

export const loader = merchantLoader(loadDeliveries);
export const action = merchantAction(replayDeliveries);

export default function DeliveriesRoute() {
  return <DeliveriesPage {...useLoaderData<typeof loader>()} topics={webhookTopics} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
