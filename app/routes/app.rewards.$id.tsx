import { useLoaderData, useLocation } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { PreviewBeside } from '../features/content/preview/preview-beside.tsx';
import { RewardPage } from '../features/rewards/reward-page.tsx';
import { loadReward, saveReward } from '../features/rewards/rewards.server.ts';

export const loader = merchantLoader(loadReward);
export const action = merchantAction(saveReward);

export default function RewardRoute() {
  const { pathname, search } = useLocation();
  // Another reward is another form.
  return (
    <RewardPage
      key={`${pathname}${search}`}
      {...useLoaderData<typeof loader>()}
      Preview={PreviewBeside}
    />
  );
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
