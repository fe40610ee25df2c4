import type { LoaderFunctionArgs } from '@remix-run/node';
import { openLink, openUnknownLink } from '../features/referral-links/pages.server.ts';
import { answerStorefront } from '../shoppers/proxy-request.server.ts';

export const loader = ({ request, params }: LoaderFunctionArgs) =>
  answerStorefront(
    request,
    (signed) => openLink(signed, params['code']),
    (asked, error) => openUnknownLink(asked, params['code'], error),
  );
