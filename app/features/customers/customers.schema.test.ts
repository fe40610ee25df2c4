import { expect, it } from 'vitest';
import { PAGE_SIZE, parseCustomersQuery } from './customers.schema.ts';

const parse = (address: string) => parseCustomersQuery(new URLSearchParams(address));
const nothing = { query: '', sort: 'newest', segment: '', tier: '', participation: '', cursor: '' };
const tier = '0b9f2a4e-7c1d-4c55-9d6e-0a4b7d1f2c33';

it('an address without filters shows all customers, the newest first', () => {
  expect(parse('')).toEqual(nothing);
  expect(PAGE_SIZE).toBe(50);
});

it('what is asked for is taken as it stands', () => {
  expect(
    parse(`query= Ada &sort=balance&segment=vip&tier=${tier}&participation=excluded&cursor=abc`),
  ).toEqual({
    query: 'Ada',
    sort: 'balance',
    segment: 'vip',
    participation: 'excluded',
    tier,
    cursor: 'abc',
  });
});

it.each([
  `query=${'x'.repeat(255)}`,
  'sort=secret',
  `segment=${'x'.repeat(41)}`,
  'tier=17',
  `cursor=${'x'.repeat(501)}`,
])('a filter that makes no sense counts as absent: %s', (address) => {
  expect(parse(address)).toEqual(nothing);
});

it('filters may be as long as an email address, a segment’s name and a cursor are', () => {
  const [query, segment, cursor] = ['q'.repeat(254), 's'.repeat(40), 'c'.repeat(500)];
  expect(parse(`query=${query}&segment=${segment}&cursor=${cursor}`)).toMatchObject({
    query,
    segment,
    cursor,
  });
});
