import { CoreError } from '../core-client/errors.server.ts';
import { merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';

// Unknown app pages keep the menu and App Bridge: without it the admin assumes a hung app.
export const loader = merchantLoader((): Promise<null> => {
  throw new CoreError('not_found', { field: 'page' });
});

export default function NoPage() {
  return null;
}

export { RouteError as ErrorBoundary };
