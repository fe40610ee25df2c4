import type { ActionFunctionArgs } from '@remix-run/node';
import { recordTwilioReport } from '../features/messages/twilio-report.server.ts';

export const action = ({ request, params }: ActionFunctionArgs) =>
  recordTwilioReport(request, params['merchant'] ?? '');
