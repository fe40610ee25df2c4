import type { LogEntry } from '#proto/admin/v1/admin.ts';
import { analytics } from '../../analytics/posthog.server.ts';
import type { MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import { PAGE_SIZE, parseActivityQuery, type ActivityQuery } from './activity.schema.ts';

export interface ActivityData {
  readonly asked: ActivityQuery;
  readonly logs: readonly LogEntry[];
  readonly nextCursor: string;
  /** Number of customers found, at most 50; -1 without a search. */
  readonly membersFound: number;
  readonly moreMembers: boolean;
  /** The one member whom the list is about; empty for none. */
  readonly customerName: string;
}

export async function loadActivity(merchant: MerchantRequest): Promise<ActivityData> {
  const { core, url } = merchant;
  const asked = parseActivityQuery(url.searchParams);
  const [{ logs, page, membersFound, moreMembers }, customer] = await Promise.all([
    core.admin.getLogs({
      kind: asked.kind,
      customerId: asked.customer,
      query: asked.query,
      fromDay: asked.from,
      toDay: asked.to,
      page: { pageSize: PAGE_SIZE, cursor: asked.cursor },
    }),
    asked.customer === ''
      ? undefined
      : core.admin.getCustomer({ customerId: asked.customer }).then((answer) => answer.customer),
  ]);
  // Whether there was a search, not its text.
  analytics().capture({
    merchantId: merchant.merchantId,
    name: 'logs_viewed',
    properties: {
      kind: asked.kind,
      by_customer: asked.query !== '' || asked.customer !== '',
      by_date: asked.from !== '' || asked.to !== '',
      first_page: asked.cursor === '',
      shown: logs.length,
    },
  });
  return {
    asked,
    logs,
    nextCursor: page?.nextCursor ?? '',
    membersFound,
    moreMembers,
    customerName: customer === undefined ? '' : `${customer.firstName} ${customer.lastName}`.trim(),
  };
}
