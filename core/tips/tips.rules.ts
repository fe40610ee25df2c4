import { TIPS, type TipId } from '#vocabulary/shops.ts';

export const tipsPerDay = 2;
/** With fewer members segments mean nothing. */
const fewMembers = 10;

/** What a shop is like, as far as tips go. */
export interface TipFacts {
  /** The guide of the first days says part of it already. */
  readonly isSetupOpen: boolean;
  readonly isProgramActive: boolean;
  readonly activeRewards: number;
  readonly isWidgetSeen: boolean;
  readonly members: number;
  readonly hasTiers: boolean;
  readonly hasCampaign: boolean;
  readonly membersAtRisk: number;
  readonly hasLifecycleCampaign: boolean;
  readonly isBirthdayOn: boolean;
  readonly expiryDays: number;
}

const applies: Readonly<Record<TipId, (facts: TipFacts) => boolean>> = {
  program_off: (facts) => !facts.isProgramActive,
  first_reward: (facts) => !facts.isSetupOpen && facts.activeRewards === 0,
  show_widget: (facts) => !facts.isSetupOpen && !facts.isWidgetSeen,
  win_back: (facts) =>
    facts.isProgramActive && facts.membersAtRisk > 0 && !facts.hasLifecycleCampaign,
  tiers: (facts) => facts.isProgramActive && !facts.hasTiers && facts.members >= fewMembers,
  campaign: (facts) => facts.isProgramActive && !facts.hasCampaign && facts.members >= fewMembers,
  birthday: (facts) => facts.isProgramActive && !facts.isBirthdayOn,
  expiry: (facts) => facts.isProgramActive && facts.expiryDays === 0 && facts.activeRewards > 0,
};

export function tipApplies(tip: TipId, facts: TipFacts): boolean {
  return applies[tip](facts);
}

/** What is remembered of a tip in a shop. */
export interface TipMemory {
  /** The last day on which it was shown, YYYY-MM-DD; empty for never. */
  readonly shownOn: string;
  readonly isDismissed: boolean;
}
export type TipMemories = Readonly<Partial<Record<TipId, TipMemory>>>;

/**
 * The tips of a day. What was shown today stays until it is dismissed or no longer true, and makes no room for another;
 * then those that were not shown for longest, of these the one that helps most.
 * @param today as the clock of the shop shows it
 */
export function chooseTips(
  facts: TipFacts,
  memories: TipMemories,
  today: string,
): { readonly shown: readonly TipId[]; readonly fresh: readonly TipId[] } {
  const shownOn = (tip: TipId) => memories[tip]?.shownOn ?? '';
  const isOpen = (tip: TipId) => memories[tip]?.isDismissed !== true && tipApplies(tip, facts);
  const ofToday = TIPS.filter((tip) => shownOn(tip) === today);
  const fresh = TIPS.filter((tip) => isOpen(tip) && shownOn(tip) !== today)
    .sort((one, other) =>
      shownOn(one) < shownOn(other) ? -1 : Number(shownOn(one) > shownOn(other)),
    )
    .slice(0, Math.max(0, tipsPerDay - ofToday.length));
  return { shown: [...ofToday.filter(isOpen), ...fresh], fresh };
}

const day = /^\d{4}-\d\d-\d\d$/;

/** Reads `tips` of merchants.onboarding_status; what makes no sense was never shown. */
export function memoriesFrom(stored: unknown): TipMemories {
  const root = typeof stored === 'object' && stored !== null ? stored : {};
  return Object.fromEntries(
    TIPS.flatMap((tip) => {
      const kept: unknown = (root as Record<string, unknown>)[tip];
      if (typeof kept !== 'object' || kept === null) return [];
      const { shown_on: shownOn, dismissed } = kept as Record<string, unknown>;
      return [
        [
          tip,
          {
            shownOn: typeof shownOn === 'string' && day.test(shownOn) ? shownOn : '',
            isDismissed: dismissed === true,
          },
        ] as const,
      ];
    }),
  );
}
