import { describe, expect, it } from 'vitest';
import { parseProgramForm } from './program.schema.ts';

const fine = {
  active: 'true',
  purchaseEnabled: 'true',
  pointsPerUnit: '10',
  awardOn: 'paid',
  signupEnabled: 'true',
  signupPoints: '100',
  expiryDays: '365',
  expiryMode: 'fixed',
  refundPolicy: 'debt',
};
function form(changes: Partial<typeof fine> = {}): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries({ ...fine, ...changes })) data.set(name, value);
  return data;
}

describe('the rules of the program', () => {
  it('are read as they were typed', () => {
    expect(parseProgramForm(form())).toEqual({
      program: {
        active: true,
        purchase: { enabled: true, pointsPerUnit: '10', awardOn: 'paid' },
        signup: { enabled: true, points: 100 },
        expiryDays: 365,
        expiryMode: 'fixed',
        refundPolicy: 'debt',
        version: 0,
        updatedAt: '',
      },
    });
  });
  it('may have a rate with a decimal comma', () => {
    expect(parseProgramForm(form({ pointsPerUnit: ' 1,25 ' }))).toMatchObject({
      program: { purchase: { pointsPerUnit: '1.25' } },
    });
  });
  it.each([
    ['pointsPerUnit', '0', 'rate'],
    ['pointsPerUnit', '-1', 'rate'],
    ['pointsPerUnit', '1.00001', 'rate'],
    ['pointsPerUnit', '1000001', 'rate'],
    ['pointsPerUnit', 'lots', 'rate'],
    ['signupPoints', '0', 'signup_points'],
    ['signupPoints', '1.5', 'signup_points'],
    ['expiryDays', '-1', 'expiry_days'],
    ['expiryDays', '3651', 'expiry_days'],
    ['refundPolicy', 'shrug', 'choice'],
    ['awardOn', '', 'choice'],
  ] as const)('refuse %s "%s" beside that field', (field, value, message) => {
    expect(parseProgramForm(form({ [field]: value }))).toEqual({ fields: { [field]: message } });
  });
  it('do not ask for sign-up points while signing up earns none', () => {
    expect(parseProgramForm(form({ signupEnabled: 'false', signupPoints: '' }))).toMatchObject({
      program: { signup: { enabled: false } },
    });
  });
});
