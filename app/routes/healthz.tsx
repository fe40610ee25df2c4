import { answerReadiness } from '../health.server.ts';

export const loader = () => answerReadiness();
