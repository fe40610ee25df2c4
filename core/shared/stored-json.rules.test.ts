import { describe, expect, it } from 'vitest';
import { OutcomeReason } from '#proto/common/v1/common.ts';
import { reasonMessage, reasonOf } from './outcome-reason.rules.ts';
import { COUNTRIES_OF, isInCountries } from './regions.rules.ts';
import { revisionOf } from './revision.rules.ts';
import { countOf, jsonObject, textOf, textsOf } from './stored-json.rules.ts';

describe('what is stored as JSON', () => {
  const odd = [undefined, null, 7, true, 'text', ['list'], { an: 'object' }];

  it('is read as far as it is what it should be, and as nothing otherwise', () => {
    expect(odd.map(jsonObject)).toEqual([{}, {}, {}, {}, {}, {}, { an: 'object' }]);
    expect(odd.map(textOf)).toEqual(['', '', '', '', 'text', '', '']);
    expect(odd.map(textsOf)).toEqual([[], [], [], [], [], ['list'], []]);
    expect(odd.map(countOf)).toEqual([0, 0, 7, 0, 0, 0, 0]);
    expect(textsOf(['a', 7, null, 'b'])).toEqual(['a', 'b']);
  });

  it.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    '%s counts nothing',
    (odd) => {
      expect(countOf(odd)).toBe(0);
    },
  );

  it('one is a count', () => {
    expect(countOf(1)).toBe(1);
  });
});

describe('reasons', () => {
  it('are spelled in the database as in the protocol, in small letters', () => {
    expect(reasonMessage('not_paid')).toBe(OutcomeReason.NOT_PAID);
    expect(reasonOf(OutcomeReason.NOT_PAID)).toBe('not_paid');
  });

  it('say nothing where there is none, or one of another release', () => {
    expect(reasonMessage(null)).toBe(OutcomeReason.UNSPECIFIED);
    expect(reasonMessage('from_the_future')).toBe(OutcomeReason.UNSPECIFIED);
    expect(reasonOf(OutcomeReason.UNSPECIFIED)).toBe('');
    expect(reasonOf(OutcomeReason.UNRECOGNIZED)).toBe('');
  });
});

describe('where an order goes', () => {
  it('does not matter without a condition', () => {
    expect(isInCountries('US', [], [])).toBe(true);
    expect(isInCountries(null, [], [])).toBe(true);
  });

  it('matters with one: a country, or a region that it is in', () => {
    expect(isInCountries('US', ['US'], [])).toBe(true);
    expect(isInCountries('CA', ['US'], [])).toBe(false);
    expect(isInCountries('FR', [], ['EU'])).toBe(true);
    expect(isInCountries('NO', [], ['EU'])).toBe(false);
    expect(isInCountries('NO', [], ['EEA'])).toBe(true);
    expect(isInCountries('FR', ['US'], ['EEA'])).toBe(true);
    expect(isInCountries('MX', [], ['EEA', 'NORTH_AMERICA'])).toBe(true);
    expect(isInCountries('FR', [], ['EUROPE'])).toBe(false);
  });

  it('is nowhere when it is not known', () => {
    expect(isInCountries(null, ['US'], [])).toBe(false);
    expect(isInCountries(null, [], ['EU'])).toBe(false);
  });

  it('knows how many countries there are in each region', () => {
    expect(COUNTRIES_OF.EU.size).toBe(27);
    expect([...COUNTRIES_OF.EEA].filter((one) => !COUNTRIES_OF.EU.has(one))).toEqual([
      'IS',
      'LI',
      'NO',
    ]);
    expect([...COUNTRIES_OF.NORTH_AMERICA]).toEqual(['US', 'CA', 'MX']);
    for (const country of COUNTRIES_OF.EEA) expect(country).toMatch(/^[A-Z]{2}$/);
  });
});

describe('the name of a state', () => {
  it('is the same however its keys were written, at any depth', () => {
    expect(revisionOf({ a: 1, b: { c: [1n, null], d: 'x' } })).toBe(
      revisionOf({ b: { d: 'x', c: [1n, null] }, a: 1 }),
    );
  });

  it('is the same in the next release, so that an editor open meanwhile can still save', () => {
    expect(revisionOf({ b: [2, 'x'], a: 1 })).toBe('RUWX9R8OWYjdfQhk-C6CbZ');
  });

  it('is another for another state, down to the order of a list', () => {
    const names = [
      { a: 1 },
      { a: 2 },
      { b: 1 },
      { a: [1, 2] },
      { a: [2, 1] },
      { a: { 0: 1, 1: 2 } },
      { a: null },
      {},
    ].map(revisionOf);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[\w-]{22}$/);
  });
});
