// @vitest-environment happy-dom
import { setUpExtension } from '@shopify/ui-extensions-tester';
import { describe, expect, test, vi } from 'vitest';
import type { Redemption, Widget } from '../shared/contract.ts';
import { button, clearPage, FakeApp, readable, Refusal, i18nOf } from '../testing/surface.ts';
import type { Answers, Language } from '../testing/surface.ts';

const redemption: Redemption = {
  id: 'r1',
  kind: 'amount_off',
  title: '$5 off at the POS',
  status: 'completed',
  code: 'LN-POS',
  points_spent: 500,
  used: false,
  returnable: true,
  at: '2026-11-01T00:00:00Z',
};
const member = (changes: Partial<Widget> = {}): Widget => ({
  customer: { balance: 1_250, available: 1_250, held: 0, debt: 0, name: 'Ada' },
  points_name: { one: 'Star', other: 'Stars' },
  program: { active: true },
  rewards: [
    {
      id: 'five',
      kind: 'amount_off',
      title: '$5 off at the POS',
      points_cost: 500,
      eligible: true,
    },
    { id: 'big', kind: 'amount_off', title: '$50 off', points_cost: 5_000, eligible: true },
  ],
  redemptions: [],
  tier: null,
  ...changes,
});
const settled = () => new Promise((resolve) => setTimeout(resolve, 30));

interface PosOptions {
  readonly isOffline?: boolean;
  readonly customer?: number | undefined;
  readonly language?: Language;
}

async function open(
  target: 'pos.home.tile.render' | 'pos.home.modal.render',
  answers: Answers,
  { isOffline = false, customer, language = 'en.default' }: PosOptions = {},
) {
  const extension = setUpExtension(target);
  clearPage();
  const app = new FakeApp(answers);
  extension.fetch = app.fetch;
  const { shopify } = extension;
  Object.assign(shopify.i18n, i18nOf('pos-ui', language));
  shopify.session.getSessionToken = () => Promise.resolve('pos-token');
  shopify.connectivity.current.value = {
    internetConnected: isOffline ? 'Disconnected' : 'Connected',
  };
  const { current } = shopify.cart;
  current.value = {
    ...current.value,
    customer: customer === undefined ? undefined : { id: customer },
  };
  const addCode = vi.fn(() => Promise.resolve());
  const removeDiscount = vi.fn(() => Promise.resolve());
  shopify.cart.addCartCodeDiscount = addCode;
  shopify.cart.removeCartDiscount = removeDiscount;
  await extension.render();
  await vi.waitFor(() => expect(document.querySelector('s-spinner')).toBeNull());
  await settled();
  return Object.assign(extension, {
    app,
    addCode,
    removeDiscount,
    text: () => readable(document.body),
  });
}

describe('the tile', () => {
  test.each([
    [{}, 'Add a customer to the cart'],
    [{ customer: 5001 }, 'View the customer’s points'],
    [{ customer: 5001, isOffline: true }, 'Not available offline'],
  ])('says what it can do', async (options, words) => {
    using tile = await open('pos.home.tile.render', {}, options);
    expect(tile.text()).toBe(`Points and rewards | ${words}`);
    const present = vi.fn();
    Object.assign(tile.shopify.action as object, { presentModal: present });
    document.querySelector<HTMLElement>('s-tile')?.click();
    expect(present).toHaveBeenCalledOnce();
  });
});

describe('the page behind it', () => {
  const target = 'pos.home.modal.render';
  const ada = { customer: 5001 };

  test('shows the balance of the customer in the cart, and the rewards they can redeem', async () => {
    using page = await open(target, { 'pos/member': () => ({ member: member() }) }, ada);
    expect(page.text()).toContain('Ada has 1,250 Stars to spend');
    expect(page.text()).toContain('3,750 Stars to go');
    expect(page.app.calls[0]).toMatchObject({ authorization: 'Bearer pos-token' });
    expect(page.app.calls[0]?.query.get('customer')).toBe('5001');
  });

  test('redeems points after a confirmation and puts the code on the cart', async () => {
    using page = await open(
      target,
      { 'pos/member': () => ({ member: member() }), 'pos/redeem': () => ({ redemption }) },
      ada,
    );
    button('Redeem · 500 Stars').click();
    await settled();
    expect(page.app.calls).toHaveLength(1);
    button('Redeem for 500 Stars').click();
    await vi.waitFor(() =>
      expect(page.text()).toContain('$5 off at the POS was applied to the cart.'),
    );
    expect(page.addCode.mock.calls).toEqual([['LN-POS']]);
    expect(page.app.calls.find(({ path }) => path === 'pos/redeem')?.body).toMatchObject({
      customer: '5001',
      reward_id: 'five',
      points: 500,
    });
  });

  test('shows the code to type where it cannot be put on the cart', async () => {
    using page = await open(
      target,
      { 'pos/member': () => ({ member: member() }), 'pos/redeem': () => ({ redemption }) },
      ada,
    );
    page.addCode.mockRejectedValue(new Error('not editable'));
    button('Redeem · 500 Stars').click();
    await settled();
    button('Redeem for 500 Stars').click();
    await vi.waitFor(() => expect(page.text()).toContain('Enter it in the cart: LN-POS'));
  });

  test.each([
    ['is on the cart', 'LN-POS', 1],
    ['is not on it, and another discount is', 'STAFF', 0],
  ])('returns a code that %s', async (_, onCart, removed) => {
    using page = await open(
      target,
      {
        'pos/member': () => ({ member: member({ redemptions: [redemption] }) }),
        'pos/redemptions/r1/return': () => ({ redemption: { ...redemption, status: 'returned' } }),
      },
      ada,
    );
    page.shopify.cart.current.value.cartDiscounts = [{ amount: 5, discountDescription: onCart }];
    button('Remove and return points').click();
    await vi.waitFor(() => expect(page.text()).toContain('$5 off at the POS was returned.'));
    expect(page.removeDiscount).toHaveBeenCalledTimes(removed);
  });

  test.each([
    ['offline', { ...ada, isOffline: true }, 'No connection'],
    ['without a customer', {}, 'No customer in the cart'],
    ['with a customer who is no member', ada, 'Not a member yet'],
  ])('says so %s', async (_, options: PosOptions, words) => {
    using page = await open(target, { 'pos/member': () => ({ member: null }) }, options);
    expect(page.text()).toContain(words);
  });

  test('says why it failed, and retries', async () => {
    using page = await open(target, { 'pos/member': () => new Refusal('unauthenticated') }, ada);
    expect(page.text()).toContain('You don’t have access to LoyalNest.');
    page.app.answers = { 'pos/member': () => ({ member: member({ program: { active: false } }) }) };
    button('Try again').click();
    await vi.waitFor(() => expect(page.text()).toContain('The program is off'));
  });

  test('sends no request without a token: staff who may not use the app have none', async () => {
    using page = await open(
      target,
      { 'pos/member': () => ({ member: member() }) },
      { isOffline: true, ...ada },
    );
    expect(page.app.calls).toEqual([]);
  });

  test.each(['es', 'fr'] as const)('has words for all of it in %s', async (language) => {
    using page = await open(
      target,
      { 'pos/member': () => ({ member: member({ redemptions: [redemption] }) }) },
      { ...ada, language },
    );
    expect(page.text()).toContain('Ada');
  });
});
