import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { RewardsPage } from '../features/rewards/rewards-page.tsx';
import { changeRewards, loadRewards } from '../features/rewards/rewards.server.ts';

export const loader = merchantLoader(loadRewards);
export const action = merchantAction(changeRewards);

export default function RewardsRoute() {
  return <RewardsPage {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
