// What every part of the emulator shares.
import type { AppConfig } from './app-config.ts';
import type { Clock } from './clock.ts';
import type { BulkOperation, ShopData, Store } from './state.ts';

export interface Settings {
  shop: string;
  apiKey: string;
  apiSecret: string;
  appUrl: string;
  appHost: string;
  themeDir: string;
  /** The app's extensions beyond its theme, as they were built. */
  surfacesDir: string;
  dataDir: string | undefined;
  /** Waiting times between retries are multiplied by this: 1 is Shopify's four hours. */
  retryScale: number;
  /** How long a bulk operation pretends to work, milliseconds. */
  bulkDelayMs: number;
}
export interface Emitted {
  webhookIds: string[];
  settled: Promise<void>;
}
export interface LogEntry {
  at: string;
  kind: string;
  [detail: string]: unknown;
}

export interface World {
  settings: Settings;
  clock: Clock;
  store: Store;
  config: AppConfig;
  readonly data: ShopData;
  /** Sends an event to every subscription of its topic; `times` above 1 sends the same delivery again, as Shopify sometimes does. */
  emit(topic: string, payload: unknown, options?: { times?: number }): Emitted;
  /** Starts working on a bulk operation in the background. */
  runBulk(operation: BulkOperation): void;
  log(kind: string, detail: Record<string, unknown>): void;
  entries: LogEntry[];
}

/** A request of the control API or a buyer that the shop refuses; answered as 4xx with its message. */
export class Refusal extends Error {
  readonly status: number;
  constructor(message: string, status = 422) {
    super(message);
    this.status = status;
  }
}

export interface ShellPlace {
  /** The app's URL in the browser. */
  appOrigin: string;
  /** "/admin" on localhost, "/store/<name>" on admin.shopify.com. */
  adminBase: string;
  local: boolean;
}
