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
  const parsed = parseEarningForm(json);
  return 'fields' in parsed ? parsed : parsed.earning.actions.find(({ action }) => action === name);
};

describe('the earning rules of the form', () => {
  it('come back as they were loaded', () => {
    const parsed = parseEarningForm(JSON.stringify(untouched));
    if ('fields' in parsed) throw new Error('refused');
    expect(earningFormOf(parsed.earning)).toMatchObject({
      participants: 'all',
      stacking: 'highest',
      firstFactor: '2',
      championsFactor: '1.5',
    });
  });
  it('name the pages of the shop and leave out networks it is not in', () => {
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
  ] as [ActionName, Partial<ActionForm>, string, string][])(
    'of %s with %o are refused beside that field',
    (name, changes, field, message) => {
      expect(parseEarningForm(withRule(name, changes))).toEqual({
        fields: { [`${name}.${field}`]: message },
      });
    },
  );
  it('are not refused for what a rule that is off leaves empty', () => {
    const json = withRule('newsletter', { enabled: false, points: '' });
    expect(ruleOf(json, 'newsletter')).toMatchObject({ enabled: false, points: 1 });
  });
  it('refuse a multiplier below one', () => {
    expect(
      parseEarningForm(
        JSON.stringify({ ...untouched, championsEnabled: true, championsFactor: '0.5' }),
      ),
    ).toEqual({ fields: { championsFactor: 'factor' } });
  });
});
