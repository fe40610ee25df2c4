import { expect, it } from 'vitest';
import { PAGE_SIZE, parseActivityQuery } from './activity.schema.ts';

const parse = (address: string) => parseActivityQuery(new URLSearchParams(address));
const nothing = { query: '', customer: '', kind: '', from: '', to: '', cursor: '' };
const customer = '0b9f2a4e-7c1d-4c55-9d6e-0a4b7d1f2c33';

it('a URL without filters requests everything', () => {
  expect(parse('')).toEqual(nothing);
  expect(PAGE_SIZE).toBe(50);
});

it('invalid filters count as absent', () => {
  expect(parse('kind=secret&from=yesterday&to=2026-02-30&customer=17')).toEqual(nothing);
});

it('valid filters are used unchanged', () => {
  const address = `kind=tiers&from=2026-02-01&to=2026-02-28&customer=${customer}&cursor=abc`;
  expect(parse(address)).toEqual({
    query: '',
    customer,
    kind: 'tiers',
    from: '2026-02-01',
    to: '2026-02-28',
    cursor: 'abc',
  });
});

it('a search replaces the customer filter of the page one came from', () => {
  expect(parse(`query= Ada &customer=${customer}`)).toMatchObject({ query: 'Ada', customer: '' });
});

it('a filter may be as long as an email address and a cursor are, and no longer', () => {
  const [query, cursor] = ['q'.repeat(254), 'c'.repeat(500)];
  expect(parse(`query=${query}&cursor=${cursor}`)).toMatchObject({ query, cursor });
  expect(parse(`query=${query}x&cursor=${cursor}x`)).toEqual(nothing);
});
