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
