import type { ReferralConfig, SideReward } from '#proto/referrals/v1/referrals.ts';
import {
  REFERRAL_CHANNELS,
  REFERRAL_GOALS,
  type ReferralChannel,
  type ReferralGoal,
  type ReferralSide,
} from '#vocabulary/referrals.ts';

/** What a side gets, as typed. */
export interface SideForm {
  kind: 'points' | 'discount';
  points: string;
  discount: 'amount' | 'percent';
  value: string;
  minPurchase: string;
  expiresAfterDays: string;
}

/** The referral program as a form holds it: as typed, not validated. */
export interface ReferralForm {
  active: boolean;
  goal: ReferralGoal;
  minOrder: string;
  expiresAfterDays: string;
  advocate: SideForm;
  friend: SideForm;
  friendTiers: readonly { readonly from: string; readonly points: string }[];
  refundWindowDays: string;
  monthlyLimit: string;
  channels: readonly ReferralChannel[];
  holdFrom: string;
  refuseFrom: string;
}

/** What every section of the form works with. */
export interface ReferralPart {
  readonly form: ReferralForm;
  readonly currency: string;
  readonly set: <Name extends keyof ReferralForm>(name: Name, value: ReferralForm[Name]) => void;
  readonly setSide: <Name extends keyof SideForm>(
    side: ReferralSide,
    name: Name,
    value: SideForm[Name],
  ) => void;
  readonly errorOf: (name: string) => string | undefined;
}

/** Channels that a member chooses; the store's own links are not among them, and copying always works. */
export const CHOSEN_CHANNELS = REFERRAL_CHANNELS.filter(
  (channel) => channel !== 'merchant' && channel !== 'copy',
);
export const MOST_TIERS = 10;

/** `5.0000` as a person would type it. */
const plain = (amount: string): string => amount.replace(/\.0+$/, '').replace(/(\.\d*?)0+$/, '$1');

const sideOf = (side: SideReward | undefined): SideForm => ({
  kind: side?.kind === 'discount' ? 'discount' : 'points',
  points: side?.kind === 'points' ? String(side.points) : '50',
  discount: side?.discount === 'amount' ? 'amount' : 'percent',
  value: side?.kind === 'discount' ? plain(side.value) : '10',
  minPurchase: plain(side?.minPurchase ?? ''),
  expiresAfterDays: String(side?.kind === 'discount' ? side.expiresAfterDays : 30),
});

export function formOfConfig(config: ReferralConfig): ReferralForm {
  return {
    active: config.active,
    goal: REFERRAL_GOALS.find((goal) => goal === config.completeOn) ?? 'first_order',
    minOrder: plain(config.minOrder),
    expiresAfterDays: String(config.expiresAfterDays),
    advocate: sideOf(config.advocate),
    friend: sideOf(config.friend),
    friendTiers: config.tiers.map(({ level, points }) => ({
      from: String(level),
      points: String(points),
    })),
    refundWindowDays: String(config.refundWindowDays),
    monthlyLimit: String(config.monthlyLimit),
    channels: REFERRAL_CHANNELS.filter((channel) => config.channels.includes(channel)),
    holdFrom: String(config.holdFrom),
    refuseFrom: String(config.refuseFrom),
  };
}

export const isSameForm = (one: ReferralForm, other: ReferralForm): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
