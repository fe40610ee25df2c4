// @vitest-environment happy-dom
import { setUpExtension } from '@shopify/ui-extensions-tester';
import { describe, expect, test, vi } from 'vitest';
import type { CheckoutPoints, Redemption, Widget } from '../shared/contract.ts';
import { button, clearPage, FakeApp, i18nOf, readable, Refusal } from '../testing/surface.ts';
import type { Answers, Language } from '../testing/surface.ts';

const target = 'purchase.checkout.block.render';
const name = { one: 'Star', other: 'Stars' };
const customer = { balance: 1_250, available: 1_250, held: 0, debt: 0, name: 'Ada' };
const points: CheckoutPoints = {
  shown: true,
  customer,
  signed_in: true,
  points_name: name,
  earn: { points: 200, multiplier: '1' },
  needs_account: false,
  rewards: 2,
};
const bought: Redemption = {
  id: 'r1',
  kind: 'amount_off',
  title: '$5 off',
  status: 'completed',
  code: 'LN-NEW',
  points_spent: 500,
  used: false,
  returnable: true,
  at: '2026-11-01T00:00:00Z',
};
const widget = (changes: Partial<Widget> = {}): Widget => ({
  customer,
  points_name: name,
  program: { active: true },
  rewards: [
    { id: 'five', kind: 'amount_off', title: '$5 off', points_cost: 500, eligible: true },
    {
      id: 'some',
      kind: 'amount_off',
      title: 'Flexible',
      points_cost: 100,
      value: { amount: '1.00', currency: 'USD' },
      steps: { min: 100, max: 300 },
      eligible: true,
    },
  ],
  redemptions: [],
  tier: null,
  ...changes,
});

interface CheckoutOptions {
  readonly codes?: readonly string[];
  readonly mayChange?: boolean;
  /** What Shopify answers to a change of codes. */
  readonly result?: 'success' | 'error';
  readonly language?: Language;
}

async function open(answers: Answers, options: CheckoutOptions = {}) {
  const { codes = [], mayChange = true, result = 'success', language = 'en.default' } = options;
  const extension = setUpExtension(target);
  clearPage();
  const app = new FakeApp({ checkout: () => points, widget: () => widget(), ...answers });
  extension.fetch = app.fetch;
  const { shopify } = extension;
  Object.assign(shopify.i18n, i18nOf('checkout-ui', language));
  shopify.localization.extensionLanguage.value = {
    isoCode: language.slice(0, 2),
  };
  shopify.discountCodes.value = codes.map((code) => ({ code }));
  shopify.instructions.value = {
    ...shopify.instructions.value,
    discounts: { canUpdateDiscountCodes: mayChange },
  };
  const changes: unknown[] = [];
  shopify.applyDiscountCodeChange = (change) => {
    changes.push(change);
    return Promise.resolve(
      result === 'success' ? { type: 'success' } : { type: 'error', message: 'no' },
    );
  };
  Reflect.defineProperty(shopify, 'shippingAddress', { value: undefined, configurable: true });
  await extension.render();
  await vi.waitFor(() => {
    expect(app.calls.map(({ path }) => path)).toContain('widget');
    expect(document.querySelector('s-skeleton-paragraph')).toBeNull();
  });
  return Object.assign(extension, { app, changes, text: () => readable(document.body) });
}

const choose = (label: string, value: string) => {
  const select = [...document.querySelectorAll<HTMLElement>('s-select')].find(
    (one) => (one.getAttribute('label') ?? Reflect.get(one, 'label')) === label,
  );
  if (select === undefined) throw new Error(`there is no choice "${label}"`);
  Object.assign(select, { value });
  select.dispatchEvent(new Event('change'));
};

describe('spending points at the checkout', () => {
  test('redeems a reward and puts its code onto the order', async () => {
    using page = await open({ redeem: () => ({ redemption: bought }) });
    expect(page.text()).toContain('$5 off · 500 Stars');
    button('Redeem for 500 Stars').click();
    await vi.waitFor(() =>
      expect(page.changes).toEqual([{ type: 'addDiscountCode', code: 'LN-NEW' }]),
    );
    const call = page.app.calls.find(({ path }) => path === 'redeem');
    expect(call?.body).toMatchObject({ reward_id: 'five', points: 500 });
  });

  test('lets the member choose how many points, and names what each amount is worth', async () => {
    using page = await open({ redeem: () => ({ redemption: bought }) });
    choose('Use your points', 'some');
    await vi.waitFor(() => expect(page.text()).toContain('200 Stars · $2.00 off'));
    choose('Points to redeem', '200');
    await vi.waitFor(() => button('Redeem for 200 Stars'));
    button('Redeem for 200 Stars').click();
    await vi.waitFor(() => expect(page.changes).toHaveLength(1));
    const call = page.app.calls.find(({ path }) => path === 'redeem');
    expect(call?.body).toMatchObject({ reward_id: 'some', points: 200 });
  });

  test('applies an unused code without spending points again', async () => {
    using page = await open({ widget: () => widget({ rewards: [], redemptions: [bought] }) });
    button('Apply').click();
    await vi.waitFor(() =>
      expect(page.changes).toEqual([{ type: 'addDiscountCode', code: 'LN-NEW' }]),
    );
    expect(page.app.calls.some(({ path }) => path === 'redeem')).toBe(false);
  });

  test('takes the code off the order before its points return', async () => {
    const answers = {
      widget: () => widget({ rewards: [], redemptions: [bought] }),
      'redemptions/r1/return': () => ({ redemption: { ...bought, status: 'returned' } }),
    };
    using page = await open(answers, { codes: ['ln-new'] });
    expect(page.text()).toContain('$5 off applied');
    button('Return 500 Stars').click();
    await vi.waitFor(() =>
      expect(page.app.calls.some(({ path }) => path === 'redemptions/r1/return')).toBe(true),
    );
    expect(page.changes).toEqual([{ type: 'removeDiscountCode', code: 'LN-NEW' }]);
  });

  test('returns no points for a code that stays on the order', async () => {
    using page = await open(
      { widget: () => widget({ rewards: [], redemptions: [bought] }) },
      { codes: ['LN-NEW'], result: 'error' },
    );
    button('Return 500 Stars').click();
    await vi.waitFor(() => expect(page.text()).toContain('Something went wrong'));
    expect(page.app.calls.some(({ path }) => path.endsWith('/return'))).toBe(false);
  });

  test('shows the code where Shopify does not take it', async () => {
    using page = await open({ redeem: () => ({ redemption: bought }) }, { result: 'error' });
    button('Redeem for 500 Stars').click();
    await vi.waitFor(() =>
      expect(page.text()).toContain('We couldn’t apply $5 off to this order. Your code: LN-NEW'),
    );
  });

  test('says why points could not be spent', async () => {
    using page = await open({ redeem: () => new Refusal('insufficient_points') });
    button('Redeem for 500 Stars').click();
    await vi.waitFor(() => expect(page.text()).toContain('You don’t have enough points anymore.'));
    expect(page.changes).toEqual([]);
  });

  test.each([
    ['where codes cannot change', {}, { mayChange: false }],
    ['while the program is off', { widget: () => widget({ program: { active: false } }) }, {}],
    ['where rewards cannot be read', { widget: () => new Refusal('internal') }, {}],
    ['without a reward within reach', { widget: () => widget({ rewards: [] }) }, {}],
  ])('offers nothing %s', async (_where, answers: Answers, options: CheckoutOptions) => {
    using page = await open(answers, options);
    expect(page.text()).toBe('This order earns you 200 Stars | You have 1,250 Stars to spend');
  });

  test.each([
    ['es', 'Canjear por 500 Stars'],
    ['fr', 'Échanger contre 500 Stars'],
  ] as const)('speaks %s', async (language, label) => {
    using page = await open({}, { language });
    expect(page.text()).toContain(label);
  });
});
