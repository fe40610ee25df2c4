import { describe, expect, it } from 'vitest';
import { namesOf, tagsAfter, tagsOf, type KnownTags, type ToldTags } from './tags.rules.ts';

const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T00:00:00.000Z`;
const told = (at: number, changes: Partial<ToldTags>): ToldTags => ({
  added: [],
  removed: [],
  at: day(at),
  isWhole: false,
  ...changes,
});
const after = (...told: ToldTags[]): string[] =>
  namesOf(told.reduce<KnownTags>((known, one) => tagsAfter(known, one), {}));

describe('the tags of a member', () => {
  it('are those added and not removed, in alphabetical order', () => {
    expect(after(told(1, { added: ['vip', 'new'] }), told(2, { removed: ['new'] }))).toEqual([
      'vip',
    ]);
    expect(after(told(1, { added: ['b', 'a', 'C'] }))).toEqual(['a', 'b', 'C']);
  });

  it('end in the same whatever the order in which they are told', () => {
    const added = told(2, { added: ['vip'] });
    const removed = told(1, { removed: ['vip'] });
    expect(after(added, removed)).toEqual(['vip']);
    expect(after(removed, added)).toEqual(['vip']);
  });

  it('are without what was removed and added at the same time', () => {
    const added = told(1, { added: ['vip'] });
    const removed = told(1, { removed: ['vip'] });
    expect(after(added, removed)).toEqual([]);
    expect(after(removed, added)).toEqual([]);
  });

  it('are the same in capitals: the last spelling counts', () => {
    expect(after(told(1, { added: ['VIP'] }), told(2, { added: ['vip'] }))).toEqual(['vip']);
    expect(after(told(1, { added: ['VIP'] }), told(2, { removed: ['vip'] }))).toEqual([]);
  });

  it('are the whole list where it is told, but for what came later', () => {
    const whole = told(2, { added: ['New'], isWhole: true });
    expect(after(told(1, { added: ['vip', 'new'] }), whole)).toEqual(['New']);
    expect(after(told(3, { added: ['vip'] }), whole)).toEqual(['New', 'vip']);
    expect(after(told(1, { added: ['vip'] }), told(2, { added: ['x'] }))).toEqual(['vip', 'x']);
  });

  it('are at most five hundred: what was removed longest ago is forgotten first', () => {
    const many = Array.from({ length: 499 }, (_, index) => `tag ${index}`);
    let known = tagsAfter({}, told(1, { removed: ['oldest'] }));
    known = tagsAfter(known, told(2, { removed: ['older'] }));
    known = tagsAfter(known, told(3, { added: many }));
    expect(Object.keys(known)).toHaveLength(500);
    expect(known).toHaveProperty('older');
    expect(known).not.toHaveProperty('oldest');
  });
});

describe('tags that are stored', () => {
  it('are read again as they were', () => {
    const known = tagsAfter({}, told(1, { added: ['VIP'], removed: ['new'] }));
    expect(tagsOf(JSON.parse(JSON.stringify(known)))).toEqual(known);
  });

  it('are nothing where they are malformed', () => {
    expect(tagsOf('x')).toEqual({});
    const odd = tagsOf({ vip: 7, new: { name: 'new', isSet: 'yes', at: 7 }, '': { isSet: true } });
    expect(odd).toEqual({
      vip: { name: '', isSet: false, at: '' },
      new: { name: 'new', isSet: false, at: '' },
      '': { name: '', isSet: true, at: '' },
    });
    expect(namesOf(odd)).toEqual([]);
  });
});
