import { answerLiveness } from '../health.server.ts';

export const loader = () => answerLiveness();
