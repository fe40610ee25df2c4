import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { EarningPage } from '../features/points-program/earning-page.tsx';
import { loadWay, saveProgram } from '../features/points-program/program.server.ts';

export const loader = merchantLoader(loadWay);
export const action = merchantAction(saveProgram);

export default function EarningRoute() {
  return <EarningPage {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
