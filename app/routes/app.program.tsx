import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { loadProgramOverview } from '../features/points-program/program-overview.server.ts';
import { ProgramPage } from '../features/points-program/program-page.tsx';
import { changeProgram } from '../features/points-program/program.server.ts';

export const loader = merchantLoader(loadProgramOverview);
export const action = merchantAction(changeProgram);

export default function ProgramRoute() {
  return <ProgramPage {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
