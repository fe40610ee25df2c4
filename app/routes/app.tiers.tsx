import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { PreviewBeside } from '../features/content/preview/preview-beside.tsx';
import { VipTiersPage } from '../features/vip-tiers/vip-tiers-page.tsx';
import { changeVipTiers, loadVipTiers } from '../features/vip-tiers/vip-tiers.server.ts';

export const loader = merchantLoader(loadVipTiers);
export const action = merchantAction(changeVipTiers);

export default function VipTiersRoute() {
  return <VipTiersPage {...useLoaderData<typeof loader>()} Preview={PreviewBeside} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
