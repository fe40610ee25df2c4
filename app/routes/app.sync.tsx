import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { followSync, restartSync } from '../features/home/sync.server.ts';

/** Followed by the home page while the first-run sync is under way. */
export const loader = merchantLoader(followSync);
export const action = merchantAction(restartSync);
