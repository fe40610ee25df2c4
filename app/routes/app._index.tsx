import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoaderAnyway } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { HomePage } from '../features/home/home-page.tsx';
import { changeHome, homeWhileDown, loadHome } from '../features/home/home.server.ts';

export const loader = merchantLoaderAnyway(loadHome, homeWhileDown);
export const action = merchantAction(changeHome);

export default function HomeRoute() {
  return <HomePage home={useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
