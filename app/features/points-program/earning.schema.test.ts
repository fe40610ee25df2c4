import { describe, expect, it } from 'vitest';
import { earningFormOf, type ActionForm } from './earning-form.ts';
import { parseEarningForm } from './earning.schema.ts';
import type { ActionName } from '#vocabulary/earning.ts';

const untouched = earningFormOf(undefined);
function withRule(name: ActionName, changes: Partial<ActionForm>) {
  const rule = { ...untouched.actions[name], enabled: true, points: '50', ...changes };
  return JSON.stringify({ ...untouched, actions: { ...untouched.actions, [name]: rule } });
}
const ruleOf = (json: string, name: ActionName) => {
  const parsed = parseEarningForm(json, 'USD');
  return 'fields' in parsed ? parsed : parsed.earning.actions.find(({ action }) => action === name);
};

const handles = (given: Partial<ActionForm['handles']>) => ({
  facebook: '',
  instagram: '',
  x: '',
  tiktok: '',
  ...given,
});
const fieldsOf = (parsed: ReturnType<typeof parseEarningForm>) =>
  'fields' in parsed ? parsed.fields : {};

describe('the earning rules of the form', () => {
  it('are saved as they were loaded', () => {
    const parsed = parseEarningForm(JSON.stringify(untouched), 'USD');
    if ('fields' in parsed) throw new Error('refused');
    expect(earningFormOf(parsed.earning)).toMatchObject({
      participants: 'all',
      stacking: 'highest',
      firstFactor: '2',
      championsFactor: '1.5',
    });
  });
  it('name the shop’s pages and leave out networks without one', () => {
    const handles = { facebook: '', instagram: ' @shop ', x: '', tiktok: 'https://tiktok.com/@s' };
    expect(ruleOf(withRule('social_follow', { handles }), 'social_follow')).toMatchObject({
      networks: [
        { network: 'instagram', handle: '@shop' },
        { network: 'tiktok', handle: 'https://tiktok.com/@s' },
      ],
    });
  });
  it.each([
    ['newsletter', { points: '0' }, 'points', 'signup_points'],
    ['newsletter', { minSpend: 'lots' }, 'minSpend', 'amount'],
    ['birthday', { daysBefore: '400' }, 'daysBefore', 'days'],
    ['social_follow', {}, 'facebook', 'network_needed'],
    ['social_share', { networks: ['x'], message: '' }, 'message', 'required'],
    ['social_share', { networks: [], message: 'x' }, 'networks', 'network_needed'],
    ['review', { limit: '0' }, 'limit', 'times'],
    ['goal_spend', { amount: '0' }, 'amount', 'amount'],
    ['goal_spend', { amount: '0.500' }, 'amount', 'amount'],
    ['newsletter', { points: '1,5' }, 'points', 'signup_points'],
  ] as [ActionName, Partial<ActionForm>, string, string][])(
    'of %s with %o are refused beside that field',
    (name, changes, field, message) => {
      expect(parseEarningForm(withRule(name, changes), 'USD')).toEqual({
        fields: { [`${name}.${field}`]: message },
      });
    },
  );
  it('read grouped points and amounts', () => {
    const typed = { points: '1,000', minSpend: '1.250', amount: '10,000.50' };
    expect(ruleOf(withRule('goal_spend', typed), 'goal_spend')).toMatchObject({
      points: 1_000,
      conditions: { minSpend: '1250' },
      amount: '10000.50',
    });
  });
  it('refuse a multiplier that could also mean a thousand', () => {
    const form = { ...untouched, firstEnabled: true, firstFactor: '1,000' };
    expect(parseEarningForm(JSON.stringify(form), 'USD')).toEqual({
      fields: { firstFactor: 'factor' },
    });
  });
  it('accept empty fields of a rule that is off', () => {
    const json = withRule('newsletter', { enabled: false, points: '' });
    expect(ruleOf(json, 'newsletter')).toMatchObject({ enabled: false, points: 1 });
  });
  it('refuse a multiplier below one', () => {
    expect(
      parseEarningForm(
        JSON.stringify({ ...untouched, championsEnabled: true, championsFactor: '0.5' }),
        'USD',
      ),
    ).toEqual({ fields: { championsFactor: 'factor' } });
  });
});

describe('a rule of the form', () => {
  it('is saved with all that was typed', () => {
    const typed = {
      icon: 'gift',
      segments: ['vip'],
      tierIds: ['t1'],
      minSpend: '20',
      message: ' Buy me ',
      limit: '3',
      daysBefore: '7',
      amount: '100',
      repeats: true,
      onTrust: true,
    } as const;
    const saved = (name: ActionName) =>
      ruleOf(withRule(name, { ...typed, segments: ['vip'], tierIds: ['t1'] }), name);
    const common = {
      enabled: true,
      points: 50,
      icon: 'gift',
      conditions: { segments: ['vip'], tierIds: ['t1'], minSpend: '20' },
      networks: [],
      message: 'Buy me',
      since: '',
    };
    const nothing = { limit: 0, daysBefore: 0, amount: '', repeats: false, onTrust: false };
    expect(saved('newsletter')).toEqual({ action: 'newsletter', ...common, ...nothing });
    // Each rule has its own, and nothing of the others.
    expect(saved('birthday')).toMatchObject({ ...common, ...nothing, daysBefore: 7 });
    expect(saved('review')).toMatchObject({ ...common, ...nothing, limit: 3, onTrust: true });
    expect(saved('goal_spend')).toMatchObject({ ...nothing, amount: '100', repeats: true });
    const networks = ['x', 'tiktok', 'facebook'] as const;
    expect(
      ruleOf(
        withRule('social_share', { ...typed, segments: [], tierIds: [], networks: [...networks] }),
        'social_share',
      ),
    ).toMatchObject({
      ...nothing,
      limit: 3,
      // Where nothing can be shared, nothing is earned by sharing.
      networks: [
        { network: 'facebook', handle: '' },
        { network: 'x', handle: '' },
      ],
    });
  });

  it.each([
    ['newsletter', { points: '1' }, { points: 1 }],
    ['newsletter', { points: '1000000' }, { points: 1_000_000 }],
    ['birthday', { daysBefore: '0' }, { daysBefore: 0 }],
    ['birthday', { daysBefore: '365' }, { daysBefore: 365 }],
    ['review', { limit: '1' }, { limit: 1 }],
    ['review', { limit: '1000' }, { limit: 1_000 }],
    ['review', { limit: ' ' }, { limit: 0 }],
    ['newsletter', { limit: 'x' }, { limit: 0 }],
    ['newsletter', { minSpend: '0' }, { conditions: { segments: [], tierIds: [], minSpend: '0' } }],
    ['goal_spend', { amount: '0.01' }, { amount: '0.01' }],
    ['newsletter', { amount: '' }, { amount: '' }],
    ['social_share', { networks: ['facebook'], message: '' }, { message: '' }],
  ] as [ActionName, Partial<ActionForm>, object][])('%s takes %o', (name, changes, saved) => {
    expect(ruleOf(withRule(name, changes), name)).toMatchObject(saved);
  });

  it.each([
    ['newsletter', { points: '1000001' }, 'points', 'signup_points'],
    ['birthday', { daysBefore: '366' }, 'daysBefore', 'days'],
    ['birthday', { daysBefore: '' }, 'daysBefore', 'days'],
    ['review', { limit: '1001' }, 'limit', 'times'],
    ['social_share', { limit: '0', networks: ['facebook'] }, 'limit', 'times'],
    ['goal_spend', { amount: '' }, 'amount', 'amount'],
    ['social_follow', { handles: handles({ x: 'mugs' }) }, 'x', 'social_page'],
    ['social_follow', { handles: handles({ x: '@mugs and cups' }) }, 'x', 'social_page'],
    [
      'social_follow',
      { handles: handles({ tiktok: `@${'x'.repeat(31)}` }) },
      'tiktok',
      'social_page',
    ],
    ['social_follow', { handles: handles({ x: 'http://x.com/a' }) }, 'x', 'social_page'],
    ['social_follow', { handles: handles({ x: 'https://x.com' }) }, 'x', 'social_page'],
    ['social_follow', { handles: handles({ x: 'see https://x.com/a' }) }, 'x', 'social_page'],
    ['newsletter', { message: 'x'.repeat(301) }, 'message', 'too_long'],
  ] as [ActionName, Partial<ActionForm>, string, string][])(
    '%s with %o is refused beside that field',
    (name, changes, field, message) => {
      expect(parseEarningForm(withRule(name, changes), 'USD')).toEqual({
        fields: { [`${name}.${field}`]: message },
      });
    },
  );

  it('that is off keeps what can be kept of it, and is never refused for the rest', () => {
    const off = {
      enabled: false,
      points: '',
      minSpend: 'x',
      amount: '',
      limit: '0',
      daysBefore: 'x',
    };
    expect(ruleOf(withRule('goal_spend', off), 'goal_spend')).toMatchObject({
      points: 1,
      amount: '',
    });
    expect(ruleOf(withRule('review', off), 'review')).toMatchObject({ limit: 1 });
    expect(ruleOf(withRule('birthday', off), 'birthday')).toMatchObject({ daysBefore: 0 });
    const share = { enabled: false, networks: [], message: '' };
    expect(ruleOf(withRule('social_share', share), 'social_share')).toMatchObject({ networks: [] });
    expect(ruleOf(withRule('social_follow', { enabled: false }), 'social_follow')).toMatchObject({
      networks: [],
    });
  });

  it('comes with the others in the order of the page', () => {
    const parsed = parseEarningForm(JSON.stringify(untouched), 'USD');
    if ('fields' in parsed) throw new Error('refused');
    expect(parsed.earning.actions.map(({ action }) => action)).toEqual([
      'newsletter',
      'birthday',
      'social_follow',
      'social_share',
      'review',
      'goal_spend',
    ]);
  });
});

describe('what purchases are multiplied by', () => {
  const parse = (changes: object) =>
    parseEarningForm(JSON.stringify({ ...untouched, ...changes }), 'USD');

  it('is saved as it was chosen', () => {
    const excluded = [{ productId: '7', title: 'A card' }];
    const chosen = {
      participants: 'accounts',
      stacking: 'multiply',
      excluded,
      firstEnabled: true,
      firstFactor: '1',
      championsEnabled: true,
      championsFactor: '100',
      purchaseIcon: 'star',
      signupIcon: 'gift',
    };
    expect(parse(chosen)).toMatchObject({
      earning: {
        participants: 'accounts',
        excludedProducts: excluded,
        multipliers: {
          firstPurchase: { enabled: true, multiplier: '1' },
          champions: { enabled: true, multiplier: '100' },
          stacking: 'multiply',
        },
        purchaseIcon: 'star',
        signupIcon: 'gift',
      },
    });
  });

  it('is the usual while it is off and nothing sensible was typed', () => {
    expect(parse({ firstFactor: 'x', championsFactor: '' })).toMatchObject({
      earning: {
        multipliers: {
          firstPurchase: { enabled: false, multiplier: '2' },
          champions: { enabled: false, multiplier: '1.5' },
        },
      },
    });
  });

  it.each([
    [{ firstEnabled: true, firstFactor: '0.99' }, { firstFactor: 'factor' }],
    [{ firstEnabled: true, firstFactor: '100.01' }, { firstFactor: 'factor' }],
    [{ championsEnabled: true, championsFactor: '' }, { championsFactor: 'factor' }],
    [{ participants: 'nobody' }, { participants: 'choice' }],
    [{ stacking: 'add' }, { stacking: 'choice' }],
    [{ purchaseIcon: 'skull' }, { purchaseIcon: 'choice' }],
    [{ signupIcon: 'skull' }, { signupIcon: 'choice' }],
    [{ firstFactor: 'x'.repeat(301) }, { firstFactor: 'too_long' }],
  ])('%o is refused beside the field', (changes, fields) => {
    expect(parse(changes)).toEqual({ fields });
  });

  it('is of products named by Shopify’s ids, two hundred and fifty at most', () => {
    const product = (productId: string) => ({ productId, title: 't'.repeat(255) });
    const many = (count: number) => Array.from({ length: count }, () => product('7'));
    expect(parse({ excluded: many(250) })).toHaveProperty('earning');
    expect(parse({ excluded: many(251) })).toHaveProperty('fields.excluded');
    expect(parse({ excluded: [product('1'.repeat(20))] })).toHaveProperty('earning');
    for (const id of ['', '1'.repeat(21), 'gid7', '7x'])
      expect(Object.keys(fieldsOf(parse({ excluded: [product(id)] }))), id).toEqual([
        'excluded.0.productId',
      ]);
    expect(parse({ excluded: [{ productId: '7', title: 't'.repeat(256) }] })).toHaveProperty(
      'fields',
    );
  });
});

describe('a form that is none', () => {
  it('is refused with words where it is not right', () => {
    expect(Object.keys(fieldsOf(parseEarningForm('{', 'USD')))).toEqual(['earning']);
    const bad = withRule('social_follow', { handles: { ...handles({}), x: 7 as never } });
    expect(Object.keys(fieldsOf(parseEarningForm(bad, 'USD')))).toEqual(['social_follow.x']);
  });

  it('has at most so many conditions and networks as there can be', () => {
    const name = 'newsletter' as const;
    const segments = (count: number, length = 40) =>
      Array.from({ length: count }, () => 's'.repeat(length));
    const networks = (count: number) => Array.from({ length: count }, () => 'x' as const);
    const isTaken = (changes: Partial<ActionForm>) =>
      'earning' in parseEarningForm(withRule(name, changes), 'USD');
    expect([isTaken({ segments: segments(20) }), isTaken({ segments: segments(21) })]).toEqual([
      true,
      false,
    ]);
    expect([isTaken({ tierIds: segments(50) }), isTaken({ tierIds: segments(51) })]).toEqual([
      true,
      false,
    ]);
    expect(isTaken({ segments: segments(1, 41) })).toBe(false);
    expect(isTaken({ tierIds: segments(1, 41) })).toBe(false);
    expect([isTaken({ networks: networks(4) }), isTaken({ networks: networks(5) })]).toEqual([
      true,
      false,
    ]);
    expect(isTaken({ message: 'x'.repeat(300) })).toBe(true);
  });
});
