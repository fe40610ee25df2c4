import type { Analytics } from '../analytics/posthog.server.ts';
import type { CoreClients } from '../core-client/clients.server.ts';
import type { FileStore } from '../files/file-store.ts';
import type { AdminClient } from '../shopify/admin-client.server.ts';
import type { ShopStanding } from '../shopify/shop-standing.server.ts';
import type { Credentials, Provider } from '../messaging/providers/provider.ts';
import type { JobQueues } from './queue.ts';
import type { MessageProvider } from '#vocabulary/messages.ts';

export interface ShopReference {
  readonly merchantId: string;
  readonly shop: string;
}

/** What messages to members are sent with. */
export interface Messaging {
  readonly providers: Readonly<Record<MessageProvider, Provider>>;
  /** Of the platform itself, for shops without their own; undefined where there is none. */
  platformSes(): Credentials | undefined;
  analytics(): Analytics;
  /** Where links of messages lead to. */
  readonly appUrl: string;
}

/** What the handlers of jobs work with; tests make their own. */
export interface JobServices {
  readonly platform: CoreClients['admin'];
  /** What the platform asks of points, whatever the tenant. */
  readonly platformPoints: Pick<
    CoreClients['points'],
    'advanceCampaigns' | 'claimStuckRedemptions' | 'settlePendingOrders'
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
  readonly messaging: Messaging;
  /** Where events may be sent to wherever it is: none but in tests and the demo. */
  readonly eventOrigins: readonly string[];
  now(): number;
}
