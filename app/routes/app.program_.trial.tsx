import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { TrialPage } from '../features/points-program/trial-page.tsx';
import { loadProgram, saveProgram } from '../features/points-program/program.server.ts';

export const loader = merchantLoader(loadProgram);
export const action = merchantAction(saveProgram);

export default function TrialRoute() {
  return <TrialPage {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
