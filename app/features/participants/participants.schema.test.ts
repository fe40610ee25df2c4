import { describe, expect, it } from 'vitest';
import { parseParticipants } from './participants.schema.ts';
import { withTyped } from './typed-tags.rules.ts';

describe('the form of participants', () => {
  it('takes tags without the blanks around them', () => {
    expect(parseParticipants([' trade ', 'VIP'], 'true')).toEqual({
      excludedTags: ['trade', 'VIP'],
      excludesCompanies: true,
    });
  });

  it('names the field that has too many or too long tags', () => {
    const many = Array.from({ length: 21 }, (_, index) => `tag ${index}`);
    expect(parseParticipants(many, 'false')).toEqual({ fields: { tag: 'too_many' } });
    expect(parseParticipants(['x'.repeat(256)], 'false')).toEqual({ fields: { tag: 'too_long' } });
  });
});

describe('typed tags', () => {
  it('are separated by commas, and each is kept once whatever its case', () => {
    expect(withTyped(['Trade'], 'trade, vip ,, VIP,staff')).toEqual(['Trade', 'vip', 'staff']);
  });
});
