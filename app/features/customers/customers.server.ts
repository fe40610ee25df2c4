import type { Customer } from '#proto/admin/v1/admin.ts';
import type { MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import { PAGE_SIZE, parseCustomersQuery, type CustomersQuery } from './customers.schema.ts';

export interface CustomersData {
  readonly asked: CustomersQuery;
  readonly customers: readonly Customer[];
  readonly nextCursor: string;
  /** Of the whole list, or -1 when it is not known. */
  readonly total: number;
}

export async function loadCustomers({ core, url }: MerchantRequest): Promise<CustomersData> {
  const asked = parseCustomersQuery(url.searchParams);
  const { customers, page } = await core.admin.getCustomers({
    query: asked.query,
    sort: asked.sort,
    page: { pageSize: PAGE_SIZE, cursor: asked.cursor },
  });
  return { asked, customers, nextCursor: page?.nextCursor ?? '', total: page?.total ?? -1 };
}
