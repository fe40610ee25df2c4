import { describe, expect, it } from 'vitest';
import type {
  ActionRule as ActionMessage,
  EarningRules as EarningMessage,
} from '#proto/points/v1/earning.ts';
import { ACTIONS, type ActionName } from '#vocabulary/earning.ts';
import { EARNING_LIMITS, earningFromMessage, toEarningMessage } from './earning-message.rules.ts';
import { DEFAULT_EARNING, type ActionRule, type EarningRules } from './earning.rules.ts';

const now = new Date('2026-11-30T12:00:00Z');
const plain = toEarningMessage(DEFAULT_EARNING);

/** The rules of the beginning, in which one action is told otherwise. */
const withAction = (name: ActionName, changes: Partial<ActionMessage>): EarningMessage => ({
  ...plain,
  actions: plain.actions.map((one) => (one.action === name ? { ...one, ...changes } : one)),
});
const read = (message: EarningMessage, before: EarningRules = DEFAULT_EARNING) =>
  earningFromMessage(message, before, now);
const ruleOf = (name: ActionName, changes: Partial<ActionMessage>, before = DEFAULT_EARNING) => {
  const rules = read(withAction(name, changes), before);
  if ('field' in rules) throw new Error(rules.field);
  return rules.actions[name];
};
const refusal = (message: EarningMessage): string => {
  const rules = read(message);
  if (!('field' in rules)) return 'was accepted';
  expect(rules.message).toMatch(/\w/);
  return rules.field.replace('program.earning.', '');
};
const refused = (name: ActionName, changes: Partial<ActionMessage>) =>
  refusal(withAction(name, changes)).replace(`actions.${name}.`, '');
const before = (name: ActionName, rule: Partial<ActionRule>): EarningRules => ({
  ...DEFAULT_EARNING,
  actions: {
    ...DEFAULT_EARNING.actions,
    [name]: { ...DEFAULT_EARNING.actions[name], ...rule },
  },
});

describe('the rules of earning', () => {
  it('are read as they are told', () => {
    expect(read(plain)).toEqual(DEFAULT_EARNING);
    const rule: Partial<ActionRule> = {
      isEnabled: true,
      points: 120,
      icon: 'gift',
      limit: 3,
      conditions: { tierIds: ['gold'], segments: ['champions'], minSpend: 125_000n },
      message: 'Thank you',
      daysBefore: 14,
      amount: 1_505_000n,
      repeats: true,
      isOnTrust: true,
    };
    const rules: EarningRules = {
      ...before('review', rule),
      participants: 'accounts',
      excludedProducts: [{ productId: '7', title: 'A gift card' }],
      firstPurchase: { isEnabled: true, factor: 25_000n },
      champions: { isEnabled: true, factor: 12_500n },
      stacking: 'multiply',
      purchaseIcon: 'star',
      signupIcon: 'heart',
    };
    const message = toEarningMessage(rules);
    expect(read(message)).toEqual(rules);
    expect(message.actions.find(({ action }) => action === 'review')).toEqual({
      action: 'review',
      enabled: true,
      points: 120,
      icon: 'gift',
      limit: 3,
      conditions: { tierIds: ['gold'], segments: ['champions'], minSpend: '12.50' },
      networks: [],
      message: 'Thank you',
      daysBefore: 14,
      amount: '150.50',
      repeats: true,
      onTrust: true,
      since: '',
    });
    expect(message).toMatchObject({
      multipliers: {
        firstPurchase: { enabled: true, multiplier: '2.5' },
        champions: { enabled: true, multiplier: '1.25' },
        stacking: 'multiply',
      },
    });
  });

  it('are told with every action, in the order of all lists, and with no least amount of nothing', () => {
    expect(plain.actions.map(({ action }) => action)).toEqual([...ACTIONS]);
    expect(plain.actions[0]?.conditions?.minSpend).toBe('');
    expect(plain.actions.find(({ action }) => action === 'social_share')?.networks).toEqual([
      { network: 'facebook', handle: '' },
      { network: 'x', handle: '' },
    ]);
  });

  it('stay as they were where nothing is said of them', () => {
    const were: EarningRules = {
      ...before('review', { isEnabled: true, points: 7 }),
      firstPurchase: { isEnabled: true, factor: 30_000n },
      stacking: 'multiply',
      purchaseIcon: 'star',
      signupIcon: 'gift',
    };
    const silent = {
      ...plain,
      actions: [],
      multipliers: undefined,
      purchaseIcon: '',
      signupIcon: '',
    };
    expect(read(silent, were)).toEqual(were);
  });

  it('are refused with an action that there is not, or twice the same', () => {
    const [first, ...others] = plain.actions;
    if (first === undefined) throw new Error('there is no action');
    expect(refusal({ ...plain, actions: [{ ...first, action: 'dancing' }] })).toBe(
      'actions.action',
    );
    expect(refusal({ ...plain, actions: [first, ...others, first] })).toBe('actions.action');
  });

  it('are refused with an unknown participant or value', () => {
    expect(refusal({ ...plain, participants: 'friends' })).toBe('participants');
    const multipliers = { firstPurchase: undefined, champions: undefined, stacking: 'sum' };
    expect(refusal({ ...plain, multipliers })).toBe('multipliers.stacking');
    expect(refusal({ ...plain, purchaseIcon: 'skull' })).toBe('purchase_icon');
    expect(refusal({ ...plain, signupIcon: 'skull' })).toBe('signup_icon');
    expect(refused('review', { icon: 'skull' })).toBe('icon');
  });
});

describe('products that earn nothing', () => {
  const products = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ productId: String(index), title: '' }));

  it('are at most so many, and each has a number of Shopify', () => {
    const most = EARNING_LIMITS.maxProducts;
    expect(refusal({ ...plain, excludedProducts: products(most) })).toBe('was accepted');
    expect(refusal({ ...plain, excludedProducts: products(most + 1) })).toBe('excluded_products');
    for (const productId of ['', 'gid://shopify/Product/7', '1'.repeat(21)])
      expect(
        refusal({ ...plain, excludedProducts: [...products(1), { productId, title: '' }] }),
      ).toBe('excluded_products.product_id');
  });

  it('keep 255 characters of their titles', () => {
    const rules = read({
      ...plain,
      excludedProducts: [{ productId: '7', title: 'x'.repeat(256) }],
    });
    expect(rules).toMatchObject({ excludedProducts: [{ title: 'x'.repeat(255) }] });
  });
});

describe('the numbers of an action', () => {
  it.each<[keyof ActionMessage, string, number]>([
    ['points', 'points', 1_000_000],
    ['limit', 'limit', 1_000],
    ['daysBefore', 'days_before', 365],
  ])('%s are whole and within bounds', (name, field, most) => {
    for (const fine of [0, 1, most])
      expect(refused('review', { [name]: fine }), String(fine)).toBe('was accepted');
    for (const bad of [-1, 0.5, most + 1, Number.NaN])
      expect(refused('review', { [name]: bad }), String(bad)).toBe(field);
  });

  it('are at least one point while the action is on', () => {
    expect(refused('review', { enabled: true, points: 0 })).toBe('points');
    expect(refused('review', { enabled: true, points: 1 })).toBe('was accepted');
  });

  it('are amounts of money, from nothing to a thousand million', () => {
    for (const amount of ['', '0', '12.3456', '1000000000'])
      expect(refused('review', { amount }), amount).toBe('was accepted');
    for (const amount of ['-0.01', 'much', '1000000000.0001'])
      expect(refused('review', { amount }), amount).toBe('amount');
    for (const minSpend of ['', '0', '12.3456', '1000000000'])
      expect(
        refused('review', { conditions: { tierIds: [], segments: [], minSpend } }),
        minSpend,
      ).toBe('was accepted');
    for (const minSpend of ['-0.01', 'much', '1000000000.0001'])
      expect(
        refused('review', { conditions: { tierIds: [], segments: [], minSpend } }),
        minSpend,
      ).toBe('conditions.min_spend');
  });

  it('are more than nothing for a goal that is on', () => {
    expect(refused('goal_spend', { enabled: true, amount: '0' })).toBe('amount');
    expect(refused('goal_spend', { enabled: true, amount: '' })).toBe('amount');
    expect(refused('goal_spend', { enabled: true, amount: '0.0001' })).toBe('was accepted');
    expect(refused('goal_spend', { enabled: false, amount: '0' })).toBe('was accepted');
  });

  it('name at most 50 tiers and 50 segments, each once', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => String(index));
    const conditions = (tierIds: string[], segments: string[]) => ({
      conditions: { tierIds, segments, minSpend: '' },
    });
    expect(refused('review', conditions(many(50), many(50)))).toBe('was accepted');
    expect(refused('review', conditions(many(51), []))).toBe('conditions');
    expect(refused('review', conditions([], many(51)))).toBe('conditions');
    expect(ruleOf('review', conditions(['a', 'b', 'a'], ['c', 'c'])).conditions).toEqual({
      tierIds: ['a', 'b'],
      segments: ['c'],
      minSpend: 0n,
    });
    expect(ruleOf('review', { conditions: undefined }).conditions).toEqual({
      tierIds: [],
      segments: [],
      minSpend: 0n,
    });
  });
});

it('an action keeps its picture where none is named, and 280 characters of its message', () => {
  expect(ruleOf('review', { icon: '' }).icon).toBe('star');
  expect(ruleOf('review', { message: 'x'.repeat(281) }).message).toBe('x'.repeat(280));
});

describe('a goal', () => {
  it('counts from when it was switched on, and goes on counting from there', () => {
    expect(ruleOf('goal_spend', { enabled: true }).since).toBe('2026-11-30T12:00:00.000Z');
    const since = '2026-01-01T00:00:00.000Z';
    const running = before('goal_spend', { isEnabled: true, since });
    expect(ruleOf('goal_spend', { enabled: true }, running).since).toBe(since);
    expect(ruleOf('goal_spend', { enabled: false }, running).since).toBe(since);
  });

  it('alone remembers when it was switched on', () => {
    expect(ruleOf('review', { enabled: true }).since).toBe('');
  });
});

describe('networks', () => {
  const networks = (...handles: [string, string][]) =>
    handles.map(([network, handle]) => ({ network, handle }));

  it('to follow are those with the shop’s name or address there', () => {
    const told = networks(['instagram', ' @mugs '], ['facebook', ' '], ['x', 'https://x.com/mugs']);
    expect(ruleOf('social_follow', { networks: told }).networks).toEqual({
      instagram: '@mugs',
      x: 'https://x.com/mugs',
    });
    expect(
      refused('social_follow', { networks: networks(['tiktok', 'https://evil.example/mugs']) }),
    ).toBe('networks.tiktok');
    expect(refused('social_follow', { networks: networks(['myspace', '@mugs']) })).toBe('networks');
  });

  it('to share in are those that take something shared', () => {
    const rule = ruleOf('social_share', { networks: networks(['x', ''], ['facebook', 'as is']) });
    expect(rule.networks).toEqual({ x: '', facebook: 'as is' });
    expect(refused('social_share', { networks: networks(['instagram', '']) })).toBe('networks');
  });

  it('are at least one while something social is on', () => {
    for (const name of ['social_follow', 'social_share'] as const) {
      expect(refused(name, { enabled: true, networks: [] }), name).toBe('networks');
      expect(refused(name, { enabled: false, networks: [] }), name).toBe('was accepted');
    }
    expect(refused('social_follow', { enabled: true, networks: networks(['x', '@mugs']) })).toBe(
      'was accepted',
    );
    expect(refused('review', { enabled: true, networks: [] })).toBe('was accepted');
  });

  it('have words to post where X is among them', () => {
    const x = { networks: networks(['x', '']) };
    expect(refused('social_share', { ...x, enabled: true, message: ' ' })).toBe('message');
    expect(refused('social_share', { ...x, enabled: true, message: 'Mugs!' })).toBe('was accepted');
    expect(refused('social_share', { ...x, enabled: false, message: '' })).toBe('was accepted');
    const facebook = { networks: networks(['facebook', '']), enabled: true, message: '' };
    expect(refused('social_share', facebook)).toBe('was accepted');
    const follow = { networks: networks(['x', '@mugs']), enabled: true, message: '' };
    expect(refused('social_follow', follow)).toBe('was accepted');
  });
});

describe('multipliers', () => {
  const told = (name: 'firstPurchase' | 'champions', multiplier: string) => ({
    ...plain,
    multipliers: {
      firstPurchase: undefined,
      champions: undefined,
      stacking: 'highest',
      [name]: { enabled: true, multiplier },
    },
  });

  it.each([
    ['firstPurchase', 'multipliers.first_purchase.multiplier'],
    ['champions', 'multipliers.champions.multiplier'],
  ] as const)('of %s are from 1 to 100', (name, field) => {
    for (const fine of ['1', '1.5', '100']) expect(refusal(told(name, fine))).toBe('was accepted');
    for (const bad of ['0.9999', '100.0001', '', 'twice', '-2'])
      expect(refusal(told(name, bad)), bad).toBe(field);
    expect(read(told(name, '1.5'))).toMatchObject({ [name]: { isEnabled: true, factor: 15_000n } });
  });
});
