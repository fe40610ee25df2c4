import { merchantAction } from '../dashboard/merchant-request.server.ts';
import { changeTip } from '../features/home/tips.server.ts';

export const action = merchantAction(changeTip);
