import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { IntegrationsPage } from '../features/messages/integrations-page.tsx';
import { changeIntegrations, loadIntegrations } from '../features/messages/integrations.server.ts';

export const loader = merchantLoader(loadIntegrations);
export const action = merchantAction(changeIntegrations);

export default function IntegrationsRoute() {
  return <IntegrationsPage {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
