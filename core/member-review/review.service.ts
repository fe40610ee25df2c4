import type { CoreDependencies } from '../call/dependencies.ts';
import type { AdminMethods } from '../call/methods.ts';
import { createReviewer } from './review-members.ts';

/** Reviews the members who are due, in every shop. */
export function memberReviewMethods(
  deps: Pick<CoreDependencies, 'pool' | 'clock' | 'ledger' | 'blindIndex' | 'logger'>,
): AdminMethods<'reviewMembers'> {
  const reviewer = createReviewer(deps);
  return {
    reviewMembers: (request) => reviewer.round(request.limit),
  };
}
