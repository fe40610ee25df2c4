import { describe, expect, it } from 'vitest';
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
});
