import { merchantLoader } from '../dashboard/merchant-request.server.ts';
import { previewParticipants } from '../features/participants/participants.server.ts';

export const loader = merchantLoader(previewParticipants);
