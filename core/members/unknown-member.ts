import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { CoreDependencies } from '../call/dependencies.ts';
import { encryptCustomer } from './customer-encryption.ts';
import { insertCustomers } from './customers.store.ts';

/** A member of whom nothing is known but Shopify's id, so that later updates about them are found. */
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
  const encrypted = encryptCustomer(deps, merchantId, randomUUID(), shopifyCustomerId, unknown);
  await insertCustomers(client, merchantId, [
    { ...encrypted, has_account: false, source_updated_at: null },
  ]);
}
