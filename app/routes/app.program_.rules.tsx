import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { RulesPage } from '../features/points-program/rules-page.tsx';
import { loadProgram, saveProgram } from '../features/points-program/program.server.ts';

export const loader = merchantLoader(loadProgram);
export const action = merchantAction(saveProgram);

export default function RulesRoute() {
  return <RulesPage {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
