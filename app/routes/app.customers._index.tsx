import { useLoaderData } from '@remix-run/react';
import { merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { CustomersPage } from '../features/customers/customers-page.tsx';
import { loadCustomers } from '../features/customers/customers.server.ts';

export const loader = merchantLoader(loadCustomers);

export default function CustomersRoute() {
  return <CustomersPage {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
