import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { CoreDependencies } from '../call/dependencies.ts';
import { seal } from './customer-seal.ts';
import { insertCustomers } from './customers.store.ts';

/** A member of whom nothing is known but Shopify's id, so that what is told of them later finds its way. */
export async function makeUnknownMember(
  client: PoolClient,
  deps: Pick<CoreDependencies, 'encryption' | 'blindIndex'>,
  merchantId: string,
  shopifyCustomerId: string,
): Promise<void> {
  const unknown = {
    email: '',
    firstName: '',
    lastName: '',
    locale: '',
    state: '',
    hasAccount: false,
    sourceUpdatedAt: null,
  };
  const sealed = seal(deps, merchantId, randomUUID(), shopifyCustomerId, unknown);
  await insertCustomers(client, merchantId, [
    { ...sealed, has_account: false, source_updated_at: null },
  ]);
}
