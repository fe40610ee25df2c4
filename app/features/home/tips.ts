import type en from '../../i18n/en.json';

export type TipId = keyof typeof en.home.tips.each;

/** Every tip that there are words for. */
export const TIP_IDS = [
  'program_off',
  'first_reward',
  'show_widget',
  'win_back',
  'tiers',
  'campaign',
  'birthday',
  'expiry',
] as const satisfies readonly TipId[];

export function isTipId(id: string): id is TipId {
  return TIP_IDS.some((known) => known === id);
}
