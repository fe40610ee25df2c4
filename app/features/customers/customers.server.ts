import type { Customer } from '#proto/admin/v1/admin.ts';
import type { MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import { segmentChoices } from './segment-choices.server.ts';
import type { SegmentChoice } from './segments.tsx';
import { PAGE_SIZE, parseCustomersQuery, type CustomersQuery } from './customers.schema.ts';

export interface CustomersData {
  readonly asked: CustomersQuery;
  readonly customers: readonly Customer[];
  readonly nextCursor: string;
  /** Of the whole list, or -1 when it is not known. */
  readonly total: number;
  /** The shop's segments, those that count first. */
  readonly segments: readonly SegmentChoice[];
}

export async function loadCustomers(merchant: MerchantRequest): Promise<CustomersData> {
  const { core, url } = merchant;
  const asked = parseCustomersQuery(url.searchParams);
  const segments = await segmentChoices(merchant);
  // One that the shop no longer has is no segment to ask for.
  const segment = segments.some(({ segmentId }) => segmentId === asked.segment)
    ? asked.segment
    : '';
  const { customers, page } = await core.admin.getCustomers({
    query: asked.query,
    sort: asked.sort,
    segmentId: segment,
    page: { pageSize: PAGE_SIZE, cursor: asked.cursor },
  });
  return {
    asked: { ...asked, segment },
    customers,
    nextCursor: page?.nextCursor ?? '',
    total: page?.total ?? -1,
    segments,
  };
}
