import type { LoaderFunctionArgs } from '@remix-run/node';
import { answerWidgetAsset } from '../features/content/widget-assets.server.ts';

export const loader = ({ params }: LoaderFunctionArgs) => answerWidgetAsset(params['*'] ?? '');
