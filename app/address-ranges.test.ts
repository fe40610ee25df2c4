import { expect, it } from 'vitest';
import { isAddressRange, isInRanges } from './address-ranges.ts';

it.each([
  ['192.0.2.1', true],
  ['192.0.2.0/24', true],
  ['2001:db8::/32', true],
  ['192.0.2.0/33', false],
  ['192.0.2', false],
  ['192.0.2.0/24/1', false],
  ['example.com', false],
])('%s is a range of addresses: %s', (range, expected) => {
  expect(isAddressRange(range)).toBe(expected);
});

it.each([
  ['192.0.2.7', ['192.0.2.0/24'], true],
  ['::ffff:192.0.2.7', ['192.0.2.0/24'], true],
  ['192.0.3.7', ['192.0.2.0/24', '198.51.100.1'], false],
  ['198.51.100.1', ['192.0.2.0/24', '198.51.100.1'], true],
  ['2001:db8::1', ['2001:db8::/32'], true],
  ['', ['192.0.2.0/24'], false],
  ['', [], true],
])('%s in %j: %s', (address, ranges, expected) => {
  expect(isInRanges(address, ranges)).toBe(expected);
});
