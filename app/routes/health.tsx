import { answerHealth } from '../health.server.ts';

export const loader = () => answerHealth();
