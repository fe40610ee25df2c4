import { merchantAction } from '../dashboard/merchant-request.server.ts';
import { changeTip } from '../features/dashboard/tips.server.ts';

export const action = merchantAction(changeTip);
