import { expect, it } from 'vitest';
import { parseDeliveriesQuery, parseReplayForm } from './deliveries.schema.ts';

const parse = (address: string) => parseDeliveriesQuery(new URLSearchParams(address));
const nothing = { status: '', topic: '', cursor: '' };
const id = '0b9f2a4e-7c1d-4c55-9d6e-0a4b7d1f2c33';

it('an address without filters shows all deliveries', () => {
  expect(parse('')).toEqual(nothing);
});

it('what is asked for is taken as it stands', () => {
  const longest = 'a'.repeat(64);
  expect(parse('status=failed&topic=customers_email_marketing_consent/update&cursor=abc')).toEqual({
    status: 'failed',
    topic: 'customers_email_marketing_consent/update',
    cursor: 'abc',
  });
  expect(parse(`topic=${longest}&cursor=${'c'.repeat(500)}`)).toEqual({
    status: '',
    topic: longest,
    cursor: 'c'.repeat(500),
  });
});

it.each([
  'status=lost',
  'topic=Orders/Paid',
  'topic=orders%20paid',
  'topic=9/orders',
  'topic=orders/9',
  `topic=${'a'.repeat(65)}`,
  `cursor=${'x'.repeat(501)}`,
])('a filter that makes no sense counts as absent: %s', (address) => {
  expect(parse(address)).toEqual(nothing);
});

const replay = (...ids: string[]) => {
  const form = new FormData();
  for (const one of ids) form.append('id', one);
  return parseReplayForm(form);
};

it('deliveries are sent again by their ids, as many as a page has', () => {
  expect(replay(id)).toEqual([id]);
  expect(replay(...Array.from({ length: 50 }, () => id))).toHaveLength(50);
});

it('none at all, more than a page has, and what is no id are refused', () => {
  expect(replay()).toBeUndefined();
  expect(replay(...Array.from({ length: 51 }, () => id))).toBeUndefined();
  expect(replay(id, '17')).toBeUndefined();
});
