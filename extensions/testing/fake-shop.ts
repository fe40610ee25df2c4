import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  ClaimAnswer,
  ClaimRequest,
  Entry,
  EventBatch,
  History,
  RedeemRequest,
  Redemption,
  Widget,
} from '#app/features/storefront/widget-contract.ts';
import type { OwnReferrals } from '#app/features/referral-links/referrals-contract.ts';
import { readTheme, renderBlock } from './render-block.ts';
import type { BlockContext } from './render-block.ts';

/**
 * One page with block and embed, with app proxy responses set by the test. For states that are hard to reach in
 * a complete shop; the journeys of real shoppers run against the emulator.
 */
export class FakeShop {
  context: BlockContext = { shopper: { balance: 1250 } };
  /** The blocks in the page, beside the embed. */
  blocks = ['points-balance'];
  /** Of the page around the widget: what a theme might do. */
  head = '';
  direction: 'ltr' | 'rtl' = 'ltr';
  /** Of the theme, in front of the blocks: a product's form. */
  form = '';
  /** The shop's cart. */
  cart: unknown = null;
  widget: Widget = aWidget();
  entries: Entry[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map(anEntry);
  /** Status of the proxy's answers; 200 is a good one. */
  status = 200;
  /** The result of a redemption; later polls are answered by `settled`. */
  redemption: Redemption = aRedemption();
  settled: Redemption | null = null;
  referrals: OwnReferrals = ownReferrals();
  claim: ClaimAnswer = { granted: 100, status: 'granted', balance: 1350 };
  /** Actions are refused with this code. */
  refusal: string | null = null;
  readonly actions: { path: string; body: Partial<RedeemRequest & ClaimRequest> }[] = [];
  /** Answers wait for this. */
  gate: Promise<void> = Promise.resolve();
  readonly requests: string[] = [];
  readonly events: EventBatch['events'] = [];

  #server = createServer((request, response) => {
    void this.#answer(request, response);
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://shop');
    const send = (status: number, type: string, body: string, headers = {}) =>
      response.writeHead(status, { 'Content-Type': type, ...headers }).end(body);
    const json = (body: unknown, headers = {}) =>
      send(200, 'application/json', JSON.stringify(body), headers);

    if (url.pathname.startsWith('/cart')) return void json(this.cart);
    if (url.pathname === '/') return void send(200, 'text/html', this.#page());
    if (url.pathname.startsWith('/assets/')) {
      this.requests.push(url.pathname);
      const type = types[url.pathname.split('.').pop() ?? ''] ?? 'text/javascript';
      return void send(200, type, readTheme(url.pathname.slice(1)));
    }
    const verb = /^\/apps\/loyalnest\/([\w/-]+)$/.exec(url.pathname)?.[1];
    if (!verb) return void send(404, 'text/plain', 'Not found');
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (verb === 'events') {
      this.events.push(...(JSON.parse(body) as EventBatch).events);
      return void send(204, 'text/plain', '');
    }

    if (request.method === 'POST') {
      this.actions.push({
        path: verb,
        body: JSON.parse(body || '{}') as Partial<RedeemRequest & ClaimRequest>,
      });
    }
    await this.gate;
    if (this.status !== 200) {
      this.requests.push(`${verb} ${this.status}`);
      return void send(
        this.status,
        'application/json',
        '{"error":{"code":"busy","message":"Later."}}',
      );
    }
    if (request.method === 'POST') {
      if (this.refusal !== null) {
        const error = { code: this.refusal, message: 'No.', field: '' };
        return void send(409, 'application/json', JSON.stringify({ error }));
      }
      if (verb === 'claim') return void json(this.claim);
      if (verb === 'referrals') return void json(this.referrals);
      if (verb.endsWith('/return')) {
        const { code: _, apply_url: __, ...rest } = this.redemption;
        return void json({ redemption: { ...rest, status: 'returned', returnable: false } });
      }
      return void json({ redemption: this.redemption });
    }
    if (verb.startsWith('redemptions/')) {
      this.requests.push(verb);
      return void json({ redemption: this.settled ?? this.redemption });
    }
    if (verb === 'history') {
      const from = Number(url.searchParams.get('cursor') ?? 0);
      const next = from + 5;
      this.requests.push(`history ${from}`);
      return void json({
        entries: this.entries.slice(from, next),
        next_cursor: next < this.entries.length ? String(next) : null,
      } satisfies History);
    }
    const etag = `"${createHash('sha256').update(JSON.stringify(this.widget)).digest('hex')}"`;
    const known = request.headers['if-none-match'] === etag;
    this.requests.push(known ? 'widget 304' : 'widget 200');
    if (known) return void response.writeHead(304, { ETag: etag }).end();
    json(this.widget, { ETag: etag });
  }

  #page(): string {
    return `<!doctype html>
      <html lang="${this.context.locale ?? 'en'}" dir="${this.direction}">
        <head>
          <meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
          <title>Shop</title>
          <style>html { font-size: 62.5% } body { margin: 24px; font: 16px/1.6 sans-serif }</style>${this.head}
        </head>
        <body>
          <main><h1>Shop</h1>${this.form}${this.blocks.map((block) => renderBlock(block, this.context)).join('')}<p id="below">Mugs</p></main>
          ${renderBlock('loyalnest-embed', this.context)}
          <script src="/assets/loyalnest.js" defer></script>
          <script src="/assets/loyalnest.js" defer></script>
        </body>
      </html>`;
  }
}

const types: Record<string, string> = { css: 'text/css', json: 'application/json' };

export function anEntry(number: number): Entry {
  return {
    id: `entry-${number}`,
    type: 'earn',
    points: number === 2 ? -60 : 120,
    balance_after: 1250 - number,
    at: '2026-11-20T10:00:00Z',
    reason_code: number === 2 ? 'order_refunded' : 'order_paid',
    params: {},
    order_name: `#${1000 + number}`,
    explanation: `Entry ${number} explained.`,
  };
}

function ownReferrals(): OwnReferrals {
  return {
    active: true,
    code: 'ADA7KQ2X',
    title: 'Give $10 off, get 500 points',
    text: 'You’re rewarded after your friend’s first order.',
    shares: [{ channel: 'sms', label: 'SMS', href: 'sms:?&body=Here%3A%20[link]' }],
    message: 'Here’s $10 off for you',
    friends: [
      { id: 'f1', name: 'Grace H.', note: 'Rewarded', at: '2026-11-20T10:00:00Z', points: 500 },
      { id: 'f2', name: 'Alan T.', note: 'Invited', at: '2026-11-24T10:00:00Z', points: 0 },
    ],
    progress: '1 of 2 rewarded',
    percent: 50,
  };
}

export function aRedemption(more: Partial<Redemption> = {}): Redemption {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    kind: 'amount_off',
    title: '$5 off',
    status: 'completed',
    code: 'LN-7KQ2',
    points_spent: 500,
    value: { amount: '5', currency: 'USD' },
    expires_at: '2026-12-25T00:00:00Z',
    apply_url: '/discount/LN-7KQ2?redirect=/cart',
    used: false,
    returnable: true,
    at: '2026-11-24T10:00:00Z',
    ...more,
  };
}

export function aWidget(customer: Partial<Widget['customer']> = {}): Widget {
  return {
    version: 1,
    customer: { balance: 1250, available: 1250, held: 0, debt: 0, name: 'Ada', ...customer },
    points_name: { one: 'point', other: 'points' },
    locale: 'en',
    program: { active: true },
    earn: [
      { action: 'purchase', points: 10, per: { amount: '1.00', currency: 'USD' }, done: false },
      { action: 'signup', points: 200, done: true },
    ],
    recent: [1, 2, 3].map(anEntry),
    expiring: null,
    expiries: [],
    rewards: [],
    redemptions: [],
    tier: null,
    campaigns: [],
    referrals: false,
    quote: { rate: '10', multiplier: '1', currency: 'USD', excluded: [] },
    branding: {},
    sign_in_url: '/account/login',
    register_url: '/account/register',
  };
}

const dollars = (amount: string) => ({ amount, currency: 'USD' });

/** A shop with everything: rewards of several kinds, tiers, a campaign, all ways to earn. */
export function aProgram(): Widget {
  return {
    ...aWidget(),
    referrals: true,
    earn: [
      { action: 'purchase', points: 10, per: dollars('1'), done: false },
      { action: 'signup', points: 200, done: true },
      { action: 'newsletter', points: 100, done: false, claimable: true },
      { action: 'birthday', points: 200, done: false, claimable: true },
      {
        action: 'social_follow',
        points: 50,
        done: false,
        claimable: true,
        networks: [
          { network: 'instagram', url: 'https://www.instagram.com/mugs', done: false },
          { network: 'x', url: 'https://x.com/mugs', done: true },
        ],
      },
      {
        action: 'social_share',
        points: 50,
        done: false,
        claimable: true,
        remaining: 4,
        networks: [{ network: 'x', done: false }],
      },
      { action: 'review', points: 100, done: false },
    ],
    expiring: { points: 120, at: '2026-12-20T00:00:00Z' },
    expiries: [
      { points: 120, at: '2026-12-20T00:00:00Z' },
      { points: 80, at: '2027-01-20T00:00:00Z' },
    ],
    rewards: [
      {
        id: 'r1',
        kind: 'amount_off',
        title: '$5 off',
        points_cost: 500,
        value: dollars('5'),
        min_purchase: dollars('20'),
        expires_after_days: 30,
        eligible: true,
      },
      {
        id: 'r2',
        kind: 'store_credit',
        title: 'Store credit',
        points_cost: 100,
        value: dollars('1'),
        steps: { min: 200, max: 1000 },
        eligible: true,
      },
      {
        id: 'r3',
        kind: 'free_shipping',
        title: 'Free shipping',
        points_cost: 1500,
        max_shipping: dollars('25'),
        eligible: true,
      },
      {
        id: 'r4',
        kind: 'free_product',
        title: 'A bag of the morning blend',
        points_cost: 1000,
        tiers: ['Gold'],
        eligible: false,
      },
    ],
    redemptions: [
      aRedemption(),
      aRedemption({ id: 'used', title: '10% off', used: true, returnable: false }),
    ],
    tier: {
      tiers: [
        { id: 'b', name: 'Bronze' },
        {
          id: 's',
          name: 'Silver',
          spend: dollars('100'),
          multiplier: '1.25',
          perks: 'A card at Christmas',
        },
        {
          id: 'g',
          name: 'Gold',
          spend: dollars('500'),
          multiplier: '1.5',
          entry_points: 100,
          free_shipping: true,
          early_access: true,
        },
      ],
      takes: 'either',
      current: 's',
      next: 'g',
      progress: {
        spend: { have: dollars('320.50'), need: dollars('500.00'), missing: dollars('179.50') },
        percent: 64,
      },
      until: '2027-01-01T00:00:00Z',
    },
    campaigns: [
      {
        id: 'c',
        type: 'double_points',
        name: 'Double week',
        multiplier: '2',
        ends_at: '2026-12-01T00:00:00Z',
      },
    ],
  };
}
