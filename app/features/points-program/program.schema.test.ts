import { describe, expect, it } from 'vitest';
import { earningFormOf } from './earning-form.ts';
import { parseProgramForm } from './program.schema.ts';

const fine = {
  active: 'true',
  purchaseEnabled: 'true',
  ratePoints: '10',
  ratePer: '1',
  awardOn: 'paid',
  signupEnabled: 'true',
  signupPoints: '100',
  expiryDays: '365',
  expiryMode: 'fixed',
  refundPolicy: 'debt',
  giftCards: undefined as string | undefined,
  testOrders: undefined as string | undefined,
};
function form(changes: Partial<typeof fine> = {}): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries({ ...fine, ...changes }))
    if (value !== undefined) data.set(name, value);
  return data;
}

describe('the rules of the program', () => {
  it('are parsed as typed', () => {
    expect(parseProgramForm(form())).toEqual({
      program: {
        active: true,
        purchase: { enabled: true, points: 10, per: 1, pointsPerUnit: '', awardOn: 'paid' },
        signup: { enabled: true, points: 100 },
        expiryDays: 365,
        expiryMode: 'fixed',
        refundPolicy: 'debt',
        giftCards: '',
        testOrders: '',
        version: 0,
        updatedAt: '',
      },
    });
  });
  it('set whether gift cards and test orders earn, or leave it unchanged', () => {
    expect(parseProgramForm(form({ giftCards: 'earn', testOrders: 'off' }))).toMatchObject({
      program: { giftCards: 'earn', testOrders: 'off' },
    });
  });
  it('accept a grouped amount per point, as currencies with large numbers need', () => {
    for (const ratePer of ['25000', ' 25,000 ', '25.000', '25 000'])
      expect(parseProgramForm(form({ ratePer }))).toMatchObject({
        program: { purchase: { points: 10, per: 25_000 } },
      });
  });
  it('accept grouped points', () => {
    const typed = { ratePoints: '1,000', signupPoints: '2.500', expiryDays: '1 095' };
    expect(parseProgramForm(form(typed))).toMatchObject({
      program: { purchase: { points: 1_000 }, signup: { points: 2_500 }, expiryDays: 1_095 },
    });
  });
  it.each([
    ['ratePoints', '0.500', 'signup_points'],
    ['ratePoints', '0', 'signup_points'],
    ['ratePoints', '1.5', 'signup_points'],
    ['ratePoints', '1000001', 'signup_points'],
    ['active', 'yes', 'choice'],
    ['purchaseEnabled', '', 'choice'],
    ['signupEnabled', 'on', 'choice'],
    ['expiryMode', 'never', 'choice'],
    ['signupPoints', '1000001', 'signup_points'],
    ['signupPoints', '', 'signup_points'],
    ['ratePer', '0', 'rate'],
    ['ratePer', '-1', 'rate'],
    ['ratePer', '1.5', 'rate'],
    ['ratePer', '1000000001', 'rate'],
    ['ratePer', 'lots', 'rate'],
    ['signupPoints', '0', 'signup_points'],
    ['signupPoints', '1.5', 'signup_points'],
    ['expiryDays', '-1', 'expiry_days'],
    ['expiryDays', '3651', 'expiry_days'],
    ['refundPolicy', 'shrug', 'choice'],
    ['awardOn', '', 'choice'],
    ['giftCards', 'maybe', 'choice'],
    ['testOrders', '', 'choice'],
  ] as const)('refuse %s "%s" beside that field', (field, value, message) => {
    expect(parseProgramForm(form({ [field]: value }))).toEqual({ fields: { [field]: message } });
  });
  it('do not require sign-up points while signing up is off', () => {
    expect(parseProgramForm(form({ signupEnabled: 'false', signupPoints: '' }))).toMatchObject({
      program: { signup: { enabled: false } },
    });
  });
  it('are read at their bounds', () => {
    const most = {
      ratePoints: '1000000',
      ratePer: '1000000000',
      signupPoints: '1000000',
      expiryDays: '3650',
    };
    expect(parseProgramForm(form(most))).toMatchObject({
      program: {
        purchase: { points: 1_000_000, per: 1_000_000_000 },
        signup: { points: 1_000_000 },
        expiryDays: 3_650,
      },
    });
    const least = { ratePoints: '1', ratePer: '1', signupPoints: '1', expiryDays: '0' };
    expect(parseProgramForm(form(least))).toMatchObject({
      program: { purchase: { points: 1, per: 1 }, signup: { points: 1 }, expiryDays: 0 },
    });
  });

  it('may all be switched off', () => {
    const off = { active: 'false', purchaseEnabled: 'false', signupEnabled: 'false' };
    expect(parseProgramForm(form({ ...off, signupPoints: '0' }))).toMatchObject({
      program: {
        active: false,
        purchase: { enabled: false },
        signup: { enabled: false, points: 1 },
      },
    });
    expect(parseProgramForm(form({ ...off, signupPoints: '75' }))).toMatchObject({
      program: { signup: { enabled: false, points: 75 } },
    });
    expect(parseProgramForm(form({ ...off, signupPoints: 'x' }))).toEqual({
      fields: { signupPoints: 'signup_points' },
    });
  });

  it('come with the other ways to earn, and are refused with them, each beside its field', () => {
    const withEarning = (changes: object, of: Partial<typeof fine> = {}) => {
      const data = form(of);
      data.set('earning', JSON.stringify({ ...earningFormOf(undefined), ...changes }));
      data.set('currency', 'USD');
      return parseProgramForm(data);
    };
    expect(withEarning({ stacking: 'multiply' })).toMatchObject({
      program: { earning: { multipliers: { stacking: 'multiply' } } },
    });
    const wrong = { firstEnabled: true, firstFactor: '0' };
    expect(withEarning(wrong)).toEqual({ fields: { firstFactor: 'factor' } });
    expect(withEarning(wrong, { ratePer: '0' })).toEqual({
      fields: { firstFactor: 'factor', ratePer: 'rate' },
    });
  });

  it('read amounts of the other ways to earn in the shop’s currency', () => {
    const untouched = earningFormOf(undefined);
    const goal = { ...untouched.actions.goal_spend, enabled: true, points: '5', amount: '5.50' };
    const earning = { ...untouched, actions: { ...untouched.actions, goal_spend: goal } };
    const inCurrency = (currency: string | undefined) => {
      const data = form();
      data.set('earning', JSON.stringify(earning));
      if (currency !== undefined) data.set('currency', currency);
      return parseProgramForm(data);
    };
    expect(inCurrency('JPY')).toEqual({ fields: { 'goal_spend.amount': 'amount' } });
    expect(inCurrency('EUR')).toHaveProperty('program');
    expect(inCurrency(undefined)).toHaveProperty('program');
  });
});
