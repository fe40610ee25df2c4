import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { ReferralPage } from '../features/referrals/referral-page.tsx';
import { decideReferral, loadReferral } from '../features/referrals/referral.server.ts';

export const loader = merchantLoader(loadReferral);
export const action = merchantAction(decideReferral);

export default function ReferralRoute() {
  const data = useLoaderData<typeof loader>();
  return <ReferralPage key={data.referral.referralId} {...data} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
