import { describe, expect, it } from 'vitest';
import {
  absenceOfOrder,
  participationFrom,
  participationJson,
  tagKeys,
} from './participation.rules.ts';

describe('excluded tags', () => {
  it('are compared in lower case, without blanks around them, each once', () => {
    expect(tagKeys([' VIP', 'vip', 'Trade', ' '])).toEqual(['trade', 'vip']);
  });

  it('are read as they were stored, and malformed ones exclude no one', () => {
    const participation = { excludedTags: ['trade'], excludesCompanies: true };
    expect(participationFrom(participationJson(participation))).toEqual(participation);
    for (const odd of [null, 'x', { tags: 'trade', companies: 'yes' }])
      expect(participationFrom(odd)).toEqual({ excludedTags: [], excludesCompanies: false });
    expect(participationJson({ excludedTags: [], excludesCompanies: false })).toEqual({});
  });
});

describe('an order', () => {
  it('is judged by its customer first, then by whether it is a company’s', () => {
    const on = { excludesCompanies: true };
    expect(absenceOfOrder('tag', true, on)).toBe('tag');
    expect(absenceOfOrder(null, true, on)).toBe('company');
    expect(absenceOfOrder(null, false, on)).toBeNull();
    expect(absenceOfOrder(null, true, { excludesCompanies: false })).toBeNull();
  });
});
