import type { ActionRule, EarningRules } from '#proto/points/v1/earning.ts';
import {
  ACTIONS,
  EARNING_ICONS,
  NETWORKS,
  PARTICIPANTS,
  STACKINGS,
  type ActionName,
  type IconName,
  type NetworkName,
  type Participants,
  type Stacking,
} from '#vocabulary/earning.ts';

const places: Readonly<Record<ActionName, number>> = {
  newsletter: 1,
  birthday: 2,
  social_follow: 3,
  social_share: 4,
  review: 5,
  goal_spend: 6,
};
/** The actions beside purchase and sign-up, in the order of the page. */
export const actionNames: readonly ActionName[] = [...ACTIONS].sort(
  (one, other) => places[one] - places[other],
);

/** The form's state of a rule: as typed, not validated. */
export interface ActionForm {
  enabled: boolean;
  points: string;
  icon: IconName;
  limit: string;
  segments: string[];
  tierIds: string[];
  minSpend: string;
  /** Of social_follow: the shop's page in each network. */
  handles: Record<NetworkName, string>;
  /** Of social_share. */
  networks: NetworkName[];
  message: string;
  daysBefore: string;
  amount: string;
  repeats: boolean;
  onTrust: boolean;
}

export interface EarningForm {
  actions: Record<ActionName, ActionForm>;
  participants: Participants;
  excluded: { productId: string; title: string }[];
  firstEnabled: boolean;
  firstFactor: string;
  championsEnabled: boolean;
  championsFactor: string;
  stacking: Stacking;
  purchaseIcon: IconName;
  signupIcon: IconName;
}

const iconOf = (name: string | undefined, fallback: IconName): IconName =>
  EARNING_ICONS.find((one) => one === name) ?? fallback;
const short = (decimal: string): string => decimal.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');

export function earningFormOf(rules: EarningRules | undefined): EarningForm {
  const action = (name: ActionName, icon: IconName): ActionForm =>
    actionFormOf(
      rules?.actions.find((rule) => rule.action === name),
      icon,
    );
  return {
    actions: {
      newsletter: action('newsletter', 'email'),
      birthday: action('birthday', 'gift'),
      social_follow: action('social_follow', 'heart'),
      social_share: action('social_share', 'share'),
      review: action('review', 'star'),
      goal_spend: action('goal_spend', 'target'),
    },
    participants: PARTICIPANTS.find((one) => one === rules?.participants) ?? 'all',
    excluded: (rules?.excludedProducts ?? []).map(({ productId, title }) => ({ productId, title })),
    firstEnabled: rules?.multipliers?.firstPurchase?.enabled ?? false,
    firstFactor: rules?.multipliers?.firstPurchase?.multiplier ?? '2',
    championsEnabled: rules?.multipliers?.champions?.enabled ?? false,
    championsFactor: rules?.multipliers?.champions?.multiplier ?? '1.5',
    stacking: STACKINGS.find((one) => one === rules?.multipliers?.stacking) ?? 'highest',
    purchaseIcon: iconOf(rules?.purchaseIcon, 'cart'),
    signupIcon: iconOf(rules?.signupIcon, 'person'),
  };
}

function actionFormOf(rule: ActionRule | undefined, icon: IconName): ActionForm {
  const handle = (name: NetworkName) =>
    rule?.networks.find(({ network }) => network === name)?.handle ?? '';
  return {
    enabled: rule?.enabled ?? false,
    points: String(rule?.points ?? ''),
    icon: iconOf(rule?.icon, icon),
    limit: rule === undefined || rule.limit === 0 ? '' : String(rule.limit),
    segments: [...(rule?.conditions?.segments ?? [])],
    tierIds: [...(rule?.conditions?.tierIds ?? [])],
    minSpend: short(rule?.conditions?.minSpend ?? ''),
    handles: {
      facebook: handle('facebook'),
      instagram: handle('instagram'),
      x: handle('x'),
      tiktok: handle('tiktok'),
    },
    networks: NETWORKS.filter((name) => rule?.networks.some(({ network }) => network === name)),
    message: rule?.message ?? '',
    daysBefore: String(rule?.daysBefore ?? 0),
    amount: short(rule?.amount ?? ''),
    repeats: rule?.repeats ?? false,
    onTrust: rule?.onTrust ?? false,
  };
}
