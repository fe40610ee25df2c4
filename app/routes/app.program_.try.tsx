import { merchantAnswer } from '../dashboard/merchant-request.server.ts';
import { tryProgram } from '../features/points-program/try.server.ts';

export const action = merchantAnswer(tryProgram);
