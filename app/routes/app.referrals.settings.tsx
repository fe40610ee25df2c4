import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { ReferralProgramPage } from '../features/referrals/referral-program-page.tsx';
import {
  loadReferralProgram,
  saveReferralProgram,
} from '../features/referrals/referral-program.server.ts';

export const loader = merchantLoader(loadReferralProgram);
export const action = merchantAction(saveReferralProgram);

export default function ReferralProgramRoute() {
  return <ReferralProgramPage {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
