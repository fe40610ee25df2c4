import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { SettingsPage } from '../features/settings/settings-page.tsx';
import { changeSettings, loadSettings } from '../features/settings/settings.server.ts';

export const loader = merchantLoader(loadSettings);
export const action = merchantAction(changeSettings);

export default function SettingsRoute() {
  return <SettingsPage {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
