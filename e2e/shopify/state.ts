// All that the shop remembers. Plain data, so that it can be written to one JSON file and read back.
import { mkdirSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Discount } from './discount-state.ts';
import type { ApiSubscription } from './topic-scopes.ts';

export type { Discount, DiscountCode } from './discount-state.ts';

export interface Shop {
  id: number;
  name: string;
  domain: string;
  email: string;
  owner: string;
  currency: string;
  timeZone: string;
  primaryLocale: string;
  locales: string[];
  plan: 'basic' | 'advanced' | 'plus';
  /** Frozen: the merchant has not paid. Locked: Shopify has closed the shop to apps. Absent if open. */
  access?: 'open' | 'frozen' | 'locked';
  /** A store for trying things out, of a developer. */
  isDevelopment?: boolean;
  createdAt: string;
  updatedAt: string;
  country: string;
  city: string;
  address: string;
  zip: string;
  phone: string;
}
export interface Product {
  id: number;
  variantId: number;
  handle: string;
  title: string;
  titles: Readonly<Record<string, string>>;
  description: Readonly<Record<string, string>>;
  price: number;
  type: string;
  picture: string;
  sku: string;
}
export interface Address {
  id: number;
  firstName: string;
  lastName: string;
  address1: string;
  city: string;
  province: string;
  provinceCode: string;
  country: string;
  countryCode: string;
  zip: string;
  phone: string | null;
}
export type CustomerState = 'disabled' | 'invited' | 'enabled' | 'declined';
export interface Customer {
  id: number;
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  phone: string | null;
  locale: string;
  state: CustomerState;
  tags: string[];
  note: string | null;
  acceptsMarketing: boolean;
  /** Absent in what was stored before there was this. */
  acceptsSms?: boolean;
  verifiedEmail: boolean;
  address: Address | null;
  createdAt: string;
  updatedAt: string;
  /** Shop money in minor units and number of orders, as the admin shows them. */
  spent: number;
  orders: number;
  lastOrderId: number | null;
}
export interface OrderLine {
  id: number;
  productId: number | null;
  variantId: number | null;
  title: string;
  sku: string | null;
  quantity: number;
  /** What is left after refunds, removals and edits. */
  currentQuantity: number;
  /** Shop money, minor units, before any discount, for one. */
  unitPrice: number;
  /** This line's share of the order's discount codes, shop money, minor units, for the whole quantity as bought. */
  discount: number;
  /** The same by code: the code's place among the order's, and its share. Absent in orders of earlier releases. */
  allocations?: readonly { application: number; amount: number }[];
}
export interface Transaction {
  id: number;
  kind: 'sale' | 'refund' | 'void';
  status: 'success' | 'pending' | 'failure';
  amount: number;
  gateway: string;
  giftCardId?: number | undefined;
  parentId: number | null;
  createdAt: string;
}
export interface RefundLine {
  id: number;
  lineId: number;
  quantity: number;
  subtotal: number;
  restock: boolean;
}
export interface Refund {
  id: number;
  createdAt: string;
  note: string | null;
  lines: RefundLine[];
  shipping: number;
  /** Refunded money that belongs to no line; negative for money kept of the lines. */
  adjustment: number;
  /** As in bodies before API version 2024-10: adjustments with a kind, shipping among them. */
  oldShape?: boolean;
  /** One for each way of paying that money went back to. */
  transactions: Transaction[];
  amount: number;
}
export interface AppliedCode {
  code: string;
  type: 'fixed_amount' | 'percentage' | 'shipping';
  value: number;
  amount: number;
  /** Which lines it was for: all of them when nothing is said. */
  selection?: 'all' | 'entitled';
  discountId: number | null;
}
export type FinancialStatus =
  | 'pending'
  | 'authorized'
  | 'paid'
  | 'partially_refunded'
  | 'refunded'
  | 'voided'
  | 'partially_paid';
export interface Order {
  id: number;
  number: number;
  customerId: number | null;
  email: string | null;
  locale: string;
  createdAt: string;
  processedAt: string;
  updatedAt: string;
  closedAt: string | null;
  cancelledAt: string | null;
  cancelReason: string | null;
  currency: string;
  presentmentCurrency: string;
  /** One unit of shop money in presentment money. */
  rate: number;
  financialStatus: FinancialStatus;
  lines: OrderLine[];
  codes: AppliedCode[];
  shipping: number;
  shippingDiscount: number;
  tax: number;
  note: string | null;
  /** By name; absent in orders of earlier releases. */
  attributes?: Record<string, string>;
  sourceName: string;
  tags: string[];
  test: boolean;
  token: string;
  edited: boolean;
  /** How Shopify's own analysis rates it; absent: it has not yet. */
  risk?: 'low' | 'medium' | 'high';
  /** Placed for a company (B2B). */
  company?: true;
  address: Address | null;
  transactions: Transaction[];
  refunds: Refund[];
}
export interface GiftCard {
  id: number;
  code: string;
  customerId: number | null;
  initial: number;
  balance: number;
  currency: string;
  expiresOn: string | null;
  note: string | null;
  createdAt: string;
}
export interface StoreCredit {
  id: number;
  customerId: number;
  amount: number;
  spent: number;
  currency: string;
  createdAt: string;
  expiresAt: string | null;
}
/** Store credit that an order used (negative) or that was refunded. */
export interface StoreCreditMove {
  id: number;
  customerId: number;
  orderId: number;
  amount: number;
  currency: string;
  createdAt: string;
}
export interface Metafield {
  id: number;
  ownerId: string;
  namespace: string;
  key: string;
  type: string;
  value: string;
  createdAt: string;
  updatedAt: string;
}
export interface MetafieldDefinition {
  id: number;
  name: string;
  namespace: string;
  key: string;
  type: string;
  ownerType: string;
  description: string | null;
  admin: string;
  storefront: string;
  customerAccount: string;
}
export interface BulkOperation {
  id: number;
  query: string;
  status: 'CREATED' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELED';
  errorCode: string | null;
  createdAt: string;
  completedAt: string | null;
  objectCount: number;
  rootObjectCount: number;
  fileSize: number | null;
  token: string;
}
export interface AccessToken {
  token: string;
  expiresAt: number;
  online: boolean;
}
export interface RefreshToken {
  token: string;
  expiresAt: number;
  spent: boolean;
}
export interface Installation {
  installed: boolean;
  id: number;
  scopes: string[];
  accessTokens: AccessToken[];
  refreshTokens: RefreshToken[];
  installedAt: string | null;
}
export interface Attempt {
  at: string;
  status: number | null;
  ms: number;
  error?: string;
}
export interface Delivery {
  webhookId: string;
  eventId: string;
  topic: string;
  uri: string;
  triggeredAt: string;
  status: 'pending' | 'delivered' | 'failed';
  attempts: Attempt[];
  nextAttemptAt: number | null;
  /** Kept until it is delivered or given up. */
  body: string | null;
  signature: 'good' | 'bad' | 'missing';
}
export interface Scheduled {
  at: number;
  topic: string;
  payload: unknown;
}
export interface Theme {
  embedOn: boolean;
  blockOn: boolean;
  settings: Record<string, Record<string, unknown>>;
}

export interface ShopData {
  version: 1;
  clockOffset: number;
  counters: Record<string, number>;
  shop: Shop;
  products: Product[];
  customers: Map<number, Customer>;
  orders: Map<number, Order>;
  discounts: Map<number, Discount>;
  metafields: Map<string, Metafield>;
  definitions: MetafieldDefinition[];
  bulk: BulkOperation[];
  installation: Installation;
  deliveries: Delivery[];
  scheduled: Scheduled[];
  theme: Theme;
  mergedInto: Record<string, number>;
  giftCards: GiftCard[];
  storeCredits: StoreCredit[];
  storeCreditMoves: StoreCreditMove[];
  subscriptions: ApiSubscription[];
}

const MAP_KEYS = ['customers', 'orders', 'discounts', 'metafields'] as const;
const SAVE_AFTER_MS = 400;
/** A large shop takes long to write: at most this share of the time is spent on it. */
const SAVE_SHARE = 0.05;

/** Writes a file so that a crash leaves either the old or the new one. */
export function writeAtomically(file: string, content: string | Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, content, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Keeps the shop's data and, given a file, writes it there soon after each change. */
export class Store {
  data: ShopData;
  readonly #file: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastSaveMs = 0;
  /** Counts changes, for code that caches data derived from it. */
  revision = 0;

  constructor(file: string | undefined, fresh: () => ShopData) {
    this.#file = file;
    this.data = (file && existsSync(file) ? readShop(file) : undefined) ?? fresh();
  }
  nextId(kind: keyof typeof FIRST_ID): number {
    const next = (this.data.counters[kind] ?? FIRST_ID[kind]) + 1;
    this.data.counters[kind] = next;
    return next;
  }
  changed(): void {
    this.revision++;
    if (!this.#file || this.#timer) return;
    this.#timer = setTimeout(
      () => this.flush(),
      Math.max(SAVE_AFTER_MS, this.#lastSaveMs / SAVE_SHARE),
    );
    this.#timer.unref();
  }
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#file) return;
    const started = performance.now();
    writeAtomically(
      this.#file,
      JSON.stringify(this.data, (_key, value: unknown) =>
        value instanceof Map ? [...(value as Map<unknown, unknown>).entries()] : value,
      ),
    );
    this.#lastSaveMs = performance.now() - started;
  }
}

function readShop(file: string): ShopData | undefined {
  const raw = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  if (raw['version'] !== 1) return undefined;
  for (const key of MAP_KEYS) raw[key] = new Map(raw[key] as [unknown, unknown][]);
  // A shop of an earlier release lacks these.
  raw['giftCards'] ??= [];
  raw['storeCredits'] ??= [];
  raw['storeCreditMoves'] ??= [];
  raw['subscriptions'] ??= [];
  const data = raw as unknown as ShopData;
  for (const credit of data.storeCredits as (StoreCredit & { spent?: number })[])
    credit.spent ??= 0;
  for (const order of data.orders.values())
    for (const refund of order.refunds as (Refund & { transaction?: Transaction | null })[])
      refund.transactions ??= refund.transaction ? [refund.transaction] : [];
  return data;
}

/** Ids look like Shopify's: long, and different for each kind of thing. */
const FIRST_ID = {
  customer: 7_100_000_001_000,
  order: 5_900_000_002_000,
  orderNumber: 1000,
  line: 14_800_000_003_000,
  refund: 960_000_004_000,
  transaction: 7_000_000_005_000,
  discount: 1_380_000_006_000,
  discountCode: 19_700_000_007_000,
  metafield: 33_000_000_008_000,
  definition: 118_000_009_000,
  bulk: 4_600_000_010_000,
  address: 9_300_000_011_000,
  refundLine: 780_000_012_000,
  edit: 88_000_013_000,
  request: 5_500_014_000,
  job: 600_015_000,
  giftCard: 490_016_000,
  storeCredit: 720_017_000,
  subscription: 1_300_018_000,
} as const;

export const gid = (type: string, id: number | string): string => `gid://shopify/${type}/${id}`;
/** The number at the end of a global id of the given type, or undefined. */
export function idOf(type: string, value: string): number | undefined {
  const match = /^gid:\/\/shopify\/(\w+)\/(\d+)$/.exec(value);
  return match && match[1] === type ? Number(match[2]) : undefined;
}
