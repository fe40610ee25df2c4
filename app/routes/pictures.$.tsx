import type { LoaderFunctionArgs } from '@remix-run/node';
import { answerPicture } from '../features/pictures/answer-picture.server.ts';

export const loader = ({ params }: LoaderFunctionArgs) => answerPicture(params['*'] ?? '');
