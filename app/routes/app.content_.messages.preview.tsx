import { merchantAnswer } from '../dashboard/merchant-request.server.ts';
import { previewMessage } from '../features/message-templates/preview.server.ts';

export const action = merchantAnswer(previewMessage);
