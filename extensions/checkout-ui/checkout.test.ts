// @vitest-environment happy-dom
import { setUpExtension } from '@shopify/ui-extensions-tester';
import { createCartLine } from '@shopify/ui-extensions-tester/checkout';
import { describe, expect, test, vi } from 'vitest';
import type { CheckoutPoints } from '../shared/contract.ts';
import { clearPage, FakeApp, readable, Refusal, i18nOf } from '../testing/surface.ts';
import type { Answers, Language } from '../testing/surface.ts';

const points = (changes: Partial<CheckoutPoints> = {}): CheckoutPoints => ({
  shown: true,
  customer: { balance: 1_250, available: 1_250, held: 0, debt: 0, name: 'Ada' },
  signed_in: true,
  points_name: { one: 'Star', other: 'Stars' },
  earn: { points: 200, multiplier: '1' },
  needs_account: false,
  rewards: 2,
  ...changes,
});
const guest = { customer: null, signed_in: false } as const;

interface Page {
  readonly target?: 'purchase.checkout.block.render' | 'purchase.thank-you.block.render';
  readonly language?: Language;
  /** A line of goods for 25.00. */
  readonly discount?: number;
  /** What the block is polled for. */
  readonly until?: string;
}

/** Renders the block, waits until it is stable and reads it. */
async function read(
  answers: Answers,
  page: Page = {},
): Promise<{ text: string; seen: ReadonlySet<string>; app: FakeApp }> {
  const { target = 'purchase.checkout.block.render', language = 'en.default' } = page;
  using extension = setUpExtension(target);
  clearPage();
  const app = new FakeApp(answers);
  extension.fetch = app.fetch;
  const { shopify } = extension;
  Object.assign(shopify.i18n, i18nOf('checkout-ui', language));
  const isoCode = language.slice(0, 2) as 'en' | 'es' | 'fr';
  shopify.localization.extensionLanguage.value = { isoCode };
  shopify.cost.totalAmount.value = { amount: 25, currencyCode: 'USD' };
  shopify.lines.value = [
    createCartLine({ cost: { totalAmount: { amount: 25, currencyCode: 'USD' } } }),
  ];
  if (page.discount !== undefined)
    shopify.discountAllocations.value = [
      {
        type: 'code',
        code: 'LN',
        discountedAmount: { amount: page.discount, currencyCode: 'USD' },
      },
    ];
  if ('orderConfirmation' in shopify)
    shopify.orderConfirmation.value = {
      order: { id: 'gid://shopify/Order/9001' },
      isFirstOrder: false,
    };
  // Missing from the tester's properties, because it needs access to addresses.
  Reflect.defineProperty(shopify, 'shippingAddress', {
    value: { value: { countryCode: 'FR' }, subscribe: () => () => undefined },
    writable: true,
    configurable: true,
  });
  await extension.render();
  await vi.waitFor(() => {
    expect(app.calls.length).toBeGreaterThan(0);
    expect(document.querySelector('s-skeleton-paragraph')).toBeNull();
  });
  // Calls that depend on the first response.
  await new Promise((resolve) => setTimeout(resolve, 20));
  const seen = new Set([readable(document.body)]);
  const { until } = page;
  if (until !== undefined)
    await vi.waitFor(
      () => {
        seen.add(readable(document.body));
        expect(readable(document.body)).toContain(until);
      },
      { timeout: 4_000, interval: 20 },
    );
  return { text: readable(document.body), seen, app };
}

describe('the block at the checkout', () => {
  test('shows a member what the order earns, and their balance', async () => {
    const { text, app } = await read({ checkout: () => points() });
    expect(text).toBe('This order earns you 200 Stars | You have 1,250 Stars to spend');
    expect(app.calls.map(({ path }) => path)).toEqual(['checkout', 'widget']);
    expect(app.calls[0]).toMatchObject({
      authorization: 'Bearer mock-session-token',
      body: { currency: 'USD', country: 'FR', lines: [{ subtotal: '25.0000' }] },
    });
    expect(app.calls[0]?.query.get('locale')).toBe('en');
  });

  test('quotes what is paid: order discounts are subtracted', async () => {
    const { app } = await read({ checkout: () => points() }, { discount: 5 });
    expect(app.calls[0]?.body).toMatchObject({ lines: [{ subtotal: '20.0000' }] });
  });

  test.each([
    [
      'a guest',
      points(guest),
      'This order earns you 200 Stars | Sign in with the same email address to use them.',
    ],
    [
      'a guest where it takes an account',
      points({ ...guest, earn: { points: 0, multiplier: '1' }, needs_account: true }),
      'This order earns you Stars | Sign in or create an account to earn them.',
    ],
    [
      'a member with one point to come, multiplied',
      points({ customer: null, earn: { points: 1, multiplier: '2' } }),
      'This order earns you 1 Star | Includes a ×2 multiplier',
    ],
    [
      'a member who pays in another currency',
      points({ earn: null }),
      'This order earns you Stars | You have 1,250 Stars to spend',
    ],
  ])('shows %s the right text', async (_, given, text) => {
    expect((await read({ checkout: () => given })).text).toBe(text);
  });

  test.each([
    ['where the shop does not want it', { checkout: () => points({ shown: false }) }],
    [
      'where a guest earns nothing',
      { checkout: () => points({ ...guest, earn: { points: 0, multiplier: '1' } }) },
    ],
    ['while the app is away', { elsewhere: () => points() }],
    ['where the app refuses', { checkout: () => new Refusal('not_found') }],
  ])('shows nothing %s', async (_, answers: Answers) => {
    expect((await read(answers)).text).toBe('');
  });

  test.each([
    ['es', 'Con este pedido ganas 200 Stars | Tienes 1250 Stars para gastar'],
    ['fr', 'Cette commande vous rapporte 200 Stars | Vous avez 1\u202f250 Stars à dépenser'],
  ] as const)('speaks %s', async (language, text) => {
    expect((await read({ checkout: () => points() }, { language })).text).toBe(text);
  });
});

describe('the block on the thank-you page', () => {
  const target = 'purchase.thank-you.block.render';

  test('shows the expected points before the ledger has the order, and invites', async () => {
    const { text, app } = await read(
      { checkout: () => points(), history: () => ({ entries: [], next_cursor: null }) },
      { target },
    );
    expect(text).toBe(
      'Your rewards | This order earns you 200 Stars once it’s paid. | You have 1,250 Stars: see your rewards',
    );
    expect(app.calls[1]?.query.get('order_id')).toBe('9001');
  });

  test('shows the awarded points once the ledger has the order', async () => {
    const entry = { id: '1', points: 250, at: '2026-11-25T10:00:00Z', explanation: 'Because.' };
    const { text } = await read(
      { checkout: () => points(), history: () => ({ entries: [entry], next_cursor: null }) },
      { target },
    );
    expect(text).toContain('This order earned you 250 Stars.');
  });

  test('counts up to the balance that includes the order’s points', async () => {
    const entry = { id: '1', points: 250, at: '2026-11-25T10:00:00Z', explanation: 'Because.' };
    let looks = 0;
    const { app, seen } = await read(
      {
        checkout: () => points(),
        history: () => ({ entries: ++looks < 2 ? [] : [entry], next_cursor: null }),
        widget: () => ({ customer: { balance: 1_500, available: 1_500, held: 0, debt: 0 } }),
      },
      { target, until: 'This order earned you 250 Stars. | You have 1,500 Stars' },
    );
    const balances = [...seen].map((text) => /You have ([\d,]+)/.exec(text)?.[1]);
    expect(balances[0]).toBe('1,250');
    expect(new Set(balances).size).toBeGreaterThan(2);
    expect(app.calls.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['checkout', 'history', 'widget']),
    );
  });

  test('a guest is not asked to pay, since the order may be paid', async () => {
    const { text } = await read({ checkout: () => points(guest) }, { target });
    expect(text).toBe(
      'Your rewards | This order earns you 200 Stars. | Sign in with the same email address to use them.',
    );
    expect(
      (await read({ checkout: () => points(guest) }, { target, language: 'fr' })).text,
    ).toContain('Cette commande vous rapporte 200 Stars.');
  });

  test('requests no history for a guest', async () => {
    const { text, app } = await read({ checkout: () => points(guest) }, { target });
    expect(app.calls.map(({ path }) => path)).toEqual(['checkout']);
    expect(text).not.toContain('You have');
  });
});
