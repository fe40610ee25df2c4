import type { CoreClients } from '../core-client/clients.server.ts';
import type { FileStore } from '../files/file-store.ts';
import type { AdminClient } from '../shopify/admin-client.server.ts';
import type { ShopStanding } from '../shopify/shop-standing.server.ts';
import type { JobQueues } from './queue.ts';

export interface ShopReference {
  readonly merchantId: string;
  readonly shop: string;
}

/** What the handlers of jobs work with; tests make their own. */
export interface JobServices {
  readonly platform: CoreClients['admin'];
  /** What the platform asks of points, whatever the tenant. */
  readonly platformPoints: Pick<
    CoreClients['points'],
    'advanceCampaigns' | 'claimStuckRedemptions'
  >;
  readonly queues: JobQueues;
  core(merchantId: string): CoreClients;
  /** Shopify's Admin API as the app itself, within the shop's budget. */
  shopify(shop: ShopReference): AdminClient;
  deleteSessions(shop: string): Promise<void>;
  shopStanding(shop: string): Promise<ShopStanding>;
  updateScopes(shop: string, scopes: readonly string[]): Promise<void>;
  /** Re-encrypts the shops' tokens with the current key. */
  reencryptTokens(): Promise<number>;
  download(url: string): Promise<Response>;
  /** What outlives the process, and the database. */
  readonly files: FileStore;
  now(): number;
}
