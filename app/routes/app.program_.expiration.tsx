import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { PreviewBeside } from '../features/content/preview/preview-beside.tsx';
import { ExpirationPage } from '../features/points-program/expiration-page.tsx';
import { loadProgram, saveProgram } from '../features/points-program/program.server.ts';

export const loader = merchantLoader(loadProgram);
export const action = merchantAction(saveProgram);

export default function ExpirationRoute() {
  return <ExpirationPage {...useLoaderData<typeof loader>()} Preview={PreviewBeside} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
