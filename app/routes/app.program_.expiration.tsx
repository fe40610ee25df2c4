import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { LivePreview } from '../features/content/preview/live-preview.tsx';
import { ExpirationPage } from '../features/points-program/expiration-page.tsx';
import { loadProgram, saveProgram } from '../features/points-program/program.server.ts';

export const loader = merchantLoader(loadProgram);
export const action = merchantAction(saveProgram);

export default function ExpirationRoute() {
  return <ExpirationPage {...useLoaderData<typeof loader>()} Preview={LivePreview} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
