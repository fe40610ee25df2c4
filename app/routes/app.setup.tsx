import { merchantLoader } from '../dashboard/merchant-request.server.ts';
import { followSetup } from '../features/home/setup.server.ts';

/** Followed by the home page while there is something left to set up. */
export const loader = merchantLoader(followSetup);
