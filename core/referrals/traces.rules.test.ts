import { expect, it } from 'vitest';
import { homeOf, inboxOf, networkOf, phoneOf, skeletonOf, tracesOf } from './traces.rules.ts';

it.each([
  ['Ann.Lee+shop@Gmail.com', 'annlee@gmail.com'],
  ['annlee@googlemail.com', 'annlee@gmail.com'],
  ['ann.lee+x@firm.example', 'ann.lee@firm.example'],
  ['no address', undefined],
  ['@firm.example', undefined],
])('%s leads to the inbox %s', (email, inbox) => {
  expect(inboxOf(email)).toBe(inbox);
});

it('finds numbered and dotted variants of one name, and says nothing of short ones', () => {
  const variants = ['ann.lee1@x.example', 'annlee22@x.example', 'ann_lee+3@x.example'];
  expect(new Set(variants.map(skeletonOf))).toEqual(new Set(['annlee@x.example']));
  expect(skeletonOf('bo7@x.example')).toBeUndefined();
  expect(skeletonOf('annlee@y.example')).not.toBe(skeletonOf('annlee@x.example'));
});

it('knows a number with and without its country', () => {
  expect(phoneOf('+1 (555) 010-2030')).toBe(phoneOf('555 010 2030'));
  expect(phoneOf('12')).toBeUndefined();
});

it('knows a home in another spelling, and another flat from it', () => {
  const home = { line1: '12 Elm Street', line2: 'Apartment 4', zip: 'AB1 2CD', country: 'GB' };
  expect(homeOf({ ...home, line1: '12, elm st.', line2: 'apt 4', zip: 'ab12cd' })).toBe(
    homeOf(home),
  );
  expect(homeOf({ ...home, line2: 'Apartment 5' })).not.toBe(homeOf(home));
  expect(homeOf({ ...home, zip: '' })).toBeUndefined();
});

it('compares networks and not single addresses', () => {
  expect(networkOf('203.0.113.7')).toBe('203.0.113.0/24');
  expect(networkOf('::ffff:203.0.113.99')).toBe('203.0.113.0/24');
  expect(networkOf('2001:db8:12:34ab::1')).toBe('2001:0db8:0012:3400::/56');
  expect(networkOf('2001:db8:12:34cd:1:2:3:4')).toBe('2001:0db8:0012:3400::/56');
  expect(networkOf('localhost')).toBeUndefined();
});

it('leaves out what is not known', () => {
  expect([...tracesOf({ email: 'a@x.example', device: '' }).keys()]).toEqual(['email']);
});
