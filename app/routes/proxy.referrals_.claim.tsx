import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { showClaim, troublePage } from '../features/referral-links/pages.server.ts';
import { isFormPost, takeClaim } from '../features/referral-links/referrals.server.ts';
import { answerStorefront } from '../shoppers/proxy-request.server.ts';

export const action = ({ request }: ActionFunctionArgs) =>
  answerStorefront(request, takeClaim, (asked, error) =>
    isFormPost(asked) ? troublePage(asked, error) : undefined,
  );
export const loader = ({ request }: LoaderFunctionArgs) =>
  answerStorefront(request, showClaim, troublePage);
