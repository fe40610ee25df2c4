import type { MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import type { SegmentChoice } from './segments.tsx';

/** The shop's segments in the order of precedence, `other` last. */
export async function segmentChoices({ core }: MerchantRequest): Promise<SegmentChoice[]> {
  const { segments } = await core.analytics.getSegments({});
  return segments.map(({ segmentId, name }) => ({ segmentId, names: name }));
}
