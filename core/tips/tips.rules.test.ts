import { describe, expect, it } from 'vitest';
import { chooseTips, memoriesFrom, tipApplies, type TipFacts } from './tips.rules.ts';
import { TIPS } from '#vocabulary/shops.ts';

/** A shop that makes use of everything. */
const perfect: TipFacts = {
  isSetupOpen: false,
  isProgramActive: true,
  activeRewards: 3,
  isWidgetSeen: true,
  members: 500,
  hasTiers: true,
  hasCampaign: true,
  membersAtRisk: 0,
  hasLifecycleCampaign: true,
  isBirthdayOn: true,
  expiryDays: 365,
};
const of = (facts: Partial<TipFacts>) =>
  TIPS.filter((tip) => tipApplies(tip, { ...perfect, ...facts }));

describe('a tip is for', () => {
  it('no shop that uses everything', () => {
    expect(of({})).toEqual([]);
  });
  it('program_off: a shop that has switched the program off, and no other tip beside it', () => {
    expect(of({ isProgramActive: false, hasTiers: false, isBirthdayOn: false })).toEqual([
      'program_off',
    ]);
  });
  it('first_reward: a shop without rewards, once the setup guide does not say it', () => {
    expect(of({ activeRewards: 0 })).toEqual(['first_reward']);
    expect(of({ activeRewards: 0, isSetupOpen: true })).toEqual([]);
  });
  it('show_widget: a shop whose panel was never requested, likewise', () => {
    expect(of({ isWidgetSeen: false })).toEqual(['show_widget']);
    expect(of({ isWidgetSeen: false, isSetupOpen: true })).toEqual([]);
  });
  it('win_back: a shop with customers at risk and no campaign for them', () => {
    expect(of({ membersAtRisk: 4 })).toEqual([]);
    expect(of({ membersAtRisk: 4, hasLifecycleCampaign: false })).toEqual(['win_back']);
    expect(of({ membersAtRisk: 0, hasLifecycleCampaign: false })).toEqual([]);
  });
  it('tiers: a shop with enough members', () => {
    expect(of({ hasTiers: false })).toEqual(['tiers']);
    expect(of({ hasTiers: false, members: 9 })).toEqual([]);
  });
  it('campaign: a shop without a running or scheduled campaign', () => {
    expect(of({ hasCampaign: false })).toEqual(['campaign']);
    expect(of({ hasCampaign: false, members: 9 })).toEqual([]);
  });
  it('birthday: a shop without a birthday rule', () => {
    expect(of({ isBirthdayOn: false })).toEqual(['birthday']);
  });
  it('expiry: a shop whose points never expire and can be redeemed', () => {
    expect(of({ expiryDays: 0 })).toEqual(['expiry']);
    expect(of({ expiryDays: 0, activeRewards: 0 })).toEqual(['first_reward']);
  });
});

describe('the tips of a day', () => {
  const poor = { ...perfect, hasTiers: false, isBirthdayOn: false, expiryDays: 0 };
  const today = '2026-06-15';
  const seen = (shownOn: string, isDismissed = false) => ({ shownOn, isDismissed });

  it('are two, those that help most', () => {
    expect(chooseTips(poor, {}, today)).toEqual({
      shown: ['tiers', 'birthday'],
      fresh: ['tiers', 'birthday'],
    });
  });
  it('stay the same all day, and make no room for others when they are dismissed', () => {
    const memories = { tiers: seen(today), birthday: seen(today, true) };
    expect(chooseTips(poor, memories, today)).toEqual({ shown: ['tiers'], fresh: [] });
  });
  it('go when they are no longer true', () => {
    const memories = { tiers: seen(today), birthday: seen(today) };
    expect(chooseTips({ ...poor, hasTiers: true }, memories, today).shown).toEqual(['birthday']);
  });
  it('take turns: what was not shown for longest comes first', () => {
    const memories = { tiers: seen('2026-06-14'), birthday: seen('2026-06-13') };
    expect(chooseTips(poor, memories, today).shown).toEqual(['expiry', 'birthday']);
  });
  it('are never those that were dismissed', () => {
    const memories = { tiers: seen('2026-06-01', true) };
    expect(chooseTips(poor, memories, today).shown).toEqual(['birthday', 'expiry']);
  });
});

it('what is stored of tips is read as far as it makes sense', () => {
  expect(memoriesFrom(null)).toEqual({});
  expect(
    memoriesFrom({
      tiers: { shown_on: '2026-06-15', dismissed: true },
      expiry: { shown_on: 'yesterday' },
      unheard_of: { shown_on: '2026-06-15' },
    }),
  ).toEqual({
    tiers: { shownOn: '2026-06-15', isDismissed: true },
    expiry: { shownOn: '', isDismissed: false },
  });
});
