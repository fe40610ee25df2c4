import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { CustomerPage } from '../features/customers/customer-page.tsx';
import { changePoints, loadCustomer } from '../features/customers/customer.server.ts';

export const loader = merchantLoader(loadCustomer);
export const action = merchantAction(changePoints);

export default function CustomerRoute() {
  return <CustomerPage {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
