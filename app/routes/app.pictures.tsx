import { merchantAnswer } from '../dashboard/merchant-request.server.ts';
import { uploadPicture } from '../features/pictures/upload.server.ts';

export const action = merchantAnswer(uploadPicture);
