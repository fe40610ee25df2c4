// @vitest-environment happy-dom
import { setUpExtension } from '@shopify/ui-extensions-tester';
import { describe, expect, test, vi } from 'vitest';
import type { Entry, Redemption, Widget } from '../shared/contract.ts';
import { button, clearPage, FakeApp, readable, Refusal, i18nOf } from '../testing/surface.ts';
import type { Answers, Language } from '../testing/surface.ts';

type Target =
  | 'customer-account.page.render'
  | 'customer-account.order-index.block.render'
  | 'customer-account.profile.block.render'
  | 'customer-account.order-status.block.render';

const code: Redemption = {
  id: 'old',
  kind: 'amount_off',
  title: '$5 off',
  status: 'completed',
  code: 'LN-OLD',
  points_spent: 500,
  used: false,
  returnable: true,
  at: '2026-11-01T00:00:00Z',
};
const entry = (id: string, points: number): Entry => ({
  id,
  points,
  at: '2026-11-02T10:00:00Z',
  explanation: `Line ${id}.`,
});
const widget = (changes: Partial<Widget> = {}): Widget => ({
  customer: { balance: 1_250, available: 1_250, held: 0, debt: 0, name: 'Ada' },
  points_name: { one: 'Star', other: 'Stars' },
  program: { active: true },
  rewards: [
    { id: 'five', kind: 'amount_off', title: '$5 off', points_cost: 500, eligible: true },
    { id: 'big', kind: 'amount_off', title: '$50 off', points_cost: 5_000, eligible: true },
    {
      id: 'gold',
      kind: 'free_shipping',
      title: 'Free shipping',
      points_cost: 1,
      eligible: false,
      tiers: ['Gold'],
    },
  ],
  redemptions: [],
  tier: {
    tiers: [
      { id: 's', name: 'Silver' },
      { id: 'g', name: 'Gold' },
    ],
    takes: 'either',
    current: 's',
    next: 'g',
    progress: {
      percent: 40,
      points: { missing: 600 },
      spend: { missing: { amount: '60.00', currency: 'USD' } },
    },
  },
  ...changes,
});
const noHistory = () => ({ entries: [], next_cursor: null });
const settled = () => new Promise((resolve) => setTimeout(resolve, 30));

async function open(target: Target, answers: Answers, language: Language = 'en.default') {
  const extension = setUpExtension(target);
  clearPage();
  const app = new FakeApp({ history: noHistory, ...answers });
  extension.fetch = app.fetch;
  Object.assign(extension.shopify.i18n, i18nOf('customer-account-ui', language));
  if ('order' in extension.shopify)
    extension.shopify.order.value = { id: 'gid://shopify/Order/9001', name: '#1001' };
  await extension.render();
  await vi.waitFor(() => expect(document.querySelector('s-skeleton-paragraph')).toBeNull());
  await settled();
  return Object.assign(extension, { app, text: () => readable(document.body) });
}

describe('the page in the account', () => {
  const target = 'customer-account.page.render';

  test('shows balance, tier, rewards and history', async () => {
    using page = await open(target, {
      widget: () => widget({ expiring: { points: 100, at: '2026-12-01T00:00:00Z' } }),
      history: () => ({ entries: [entry('a', 200), entry('b', -50)], next_cursor: null }),
    });
    const text = page.text();
    for (const words of [
      '1,250 Stars to spend',
      'Silver',
      'more to Gold',
      'Line a.',
      '+200 Stars',
      '-50 Stars',
      '3,750 Stars to go',
      'Gold only',
    ])
      expect(text).toContain(words);
    expect(text).toMatch(/100 Stars expire on .*2026/);
    expect(text).not.toContain('Show more');
  });

  test('spends points after a confirmation, once, and shows the code', async () => {
    const done = { ...code, id: 'new', code: 'LN-NEW' };
    using page = await open(target, {
      widget: () => widget(),
      redeem: () => ({ redemption: done }),
    });
    const { app } = page;
    button('Redeem').click();
    await settled();
    expect(app.calls.some(({ path }) => path === 'redeem')).toBe(false);
    app.answers = { ...app.answers, widget: () => widget({ redemptions: [done] }) };
    button('Redeem for 500 Stars').click();
    await vi.waitFor(() => expect(page.text()).toContain('$5 off is ready: LN-NEW'));
    const asked = app.calls.filter(({ path }) => path === 'redeem');
    expect(asked.map(({ body }) => body)).toMatchObject([{ reward_id: 'five', points: 500 }]);
    await vi.waitFor(() => expect(page.text()).toContain('Your codes'));
  });

  test('claims a campaign’s reward without a confirmation, since it is free, even with a debt', async () => {
    const offer = {
      id: 'campaign',
      kind: 'percent_off',
      title: 'A tenth off',
      points_cost: 0,
      eligible: true,
      offer: true as const,
    };
    const done = { ...code, id: 'new', title: 'A tenth off', code: 'LN-GIFT' };
    const customer = { balance: -50, available: -50, held: 0, debt: 50 };
    using page = await open(target, {
      widget: () => widget({ rewards: [offer], customer }),
      redeem: () => ({ redemption: done }),
    });
    expect(page.text()).toContain('A gift for you');
    button('Get code').click();
    await vi.waitFor(() => expect(page.text()).toContain('A tenth off is ready: LN-GIFT'));
    const [asked] = page.app.calls.filter(({ path }) => path === 'redeem');
    expect(asked?.body).toMatchObject({ campaign_id: 'campaign' });
    expect(asked?.body).not.toHaveProperty('reward_id');
  });

  test('a lost attempt is retried with the same key, a refused one is not', async () => {
    using page = await open(target, { widget: () => widget() });
    const { app } = page;
    const attempt = async () => {
      button('Redeem').click();
      await settled();
      button('Redeem for 500 Stars').click();
      await settled();
      return (app.calls.at(-1)?.body as { idempotency_key: string }).idempotency_key;
    };
    const first = await attempt();
    expect(page.text()).toContain('Something went wrong. Try again in a moment.');
    expect(await attempt()).toBe(first);
    app.answers = { ...app.answers, redeem: () => new Refusal('insufficient_points') };
    expect(await attempt()).toBe(first);
    expect(page.text()).toContain('You no longer have enough points for this.');
    expect(await attempt()).not.toBe(first);
  });

  test('returns a code for its points', async () => {
    using page = await open(target, {
      widget: () => widget({ redemptions: [code] }),
      'redemptions/old/return': () => ({ redemption: { ...code, status: 'returned' } }),
    });
    page.app.answers = { ...page.app.answers, widget: () => widget() };
    button('Return for 500 Stars').click();
    await vi.waitFor(() => expect(page.text()).not.toContain('LN-OLD'));
  });

  test('shows the next page of the history on demand', async () => {
    using page = await open(target, {
      widget: () => widget(),
      history: ({ query }) =>
        query.get('cursor') === 'next'
          ? { entries: [entry('c', 1)], next_cursor: null }
          : { entries: [entry('a', 200)], next_cursor: 'next' },
    });
    expect(page.text()).not.toContain('Line c.');
    button('Show more').click();
    await vi.waitFor(() => expect(page.text()).toContain('Line c.'));
    expect(page.text()).toContain('Line a.');
  });

  test('says what to do when it fails, and retries', async () => {
    using page = await open(target, {});
    expect(page.text()).toContain('Something went wrong. Try again in a moment.');
    page.app.answers = { ...page.app.answers, widget: () => widget() };
    button('Try again').click();
    await vi.waitFor(() => expect(page.text()).toContain('1,250 Stars to spend'));
  });

  test('tells a non-member how to start, and shows a debt', async () => {
    {
      using page = await open(target, { widget: () => widget({ customer: null, tier: null }) });
      expect(page.text()).toContain('No Stars yet | Place an order to start earning.');
      expect(page.text()).not.toContain('History');
    }
    using page = await open(target, {
      widget: () => widget({ customer: { balance: -80, available: 0, held: 5, debt: 80 } }),
    });
    expect(page.text()).toContain('You owe 80 Stars after a refund');
    expect(page.text()).toContain('5 Stars on hold');
  });

  test.each(['es', 'fr'] as const)('has words for all of it in %s', async (language) => {
    using page = await open(
      target,
      {
        widget: () =>
          widget({ redemptions: [code], expiring: { points: 1, at: '2026-12-01T00:00:00Z' } }),
        history: () => ({ entries: [entry('a', 1)], next_cursor: 'next' }),
      },
      language,
    );
    expect(page.text()).toContain('1 Star');
  });
});

describe('the blocks in the account', () => {
  test.each([
    'customer-account.order-index.block.render',
    'customer-account.profile.block.render',
  ] as const)('%s shows balance and tier and leads to the page', async (target) => {
    using block = await open(target, { widget: () => widget() });
    expect(block.text()).toBe(
      'Points and rewards | 1,250 Stars to spend | Silver | See rewards and history',
    );
    expect(document.querySelector('s-link')?.getAttribute('href')).toBe(
      'extension:loyalnest-account-page/',
    );
  });

  test('show nothing in a shop without a program', async () => {
    using block = await open('customer-account.profile.block.render', {
      widget: () => new Refusal('not_found'),
    });
    expect(block.text()).toBe('');
  });

  test("an order's page shows what the order earned and why, and what to expect if nothing yet", async () => {
    const target = 'customer-account.order-status.block.render';
    {
      using block = await open(target, {
        widget: () => widget(),
        history: () => ({ entries: [entry('r', -50), entry('a', 200)], next_cursor: null }),
      });
      expect(block.text()).toContain('This order earned you 150 Stars. | Line r. | Line a.');
      expect(block.app.calls.find(({ path }) => path === 'history')?.query.get('order_id')).toBe(
        '9001',
      );
    }
    using block = await open(target, { widget: () => widget() });
    expect(block.text()).toContain('You’ll earn this order’s Stars once it’s paid.');
  });
});
