import { useTranslation } from 'react-i18next';
import type { PointsProgram } from '#proto/points/v1/points.ts';
import { useFormat } from '../../dashboard/shop.ts';
import { WAYS, type Way } from './way-names.ts';

export interface WayLine {
  readonly way: Way;
  readonly title: string;
  /** What it gives; empty where it was never set. */
  readonly summary: string;
  readonly isOn: boolean;
}

/** The ways to earn with what each gives, in the order of the page. */
export function useWays(program: PointsProgram, currency: string): WayLine[] {
  const { t } = useTranslation();
  const { points, money } = useFormat();
  const given = (count: number) => (count > 0 ? points(count) : '');
  return WAYS.map((way) => {
    const title = t(`program.ways.${way}`);
    if (way === 'purchase') {
      const rule = program.purchase;
      const summary = t('programList.rate', {
        points: points(rule?.points ?? 0),
        amount: money({ amount: String(rule?.per ?? 0), currency }),
      });
      return { way, title, summary, isOn: rule?.enabled ?? false };
    }
    if (way === 'signup')
      return {
        way,
        title,
        summary: given(program.signup?.points ?? 0),
        isOn: program.signup?.enabled ?? false,
      };
    const rule = program.earning?.actions.find(({ action }) => action === way);
    const summary =
      way === 'goal_spend' && (rule?.amount ?? '') !== ''
        ? t('programList.goal', {
            points: points(rule?.points ?? 0),
            amount: money({ amount: rule?.amount ?? '0', currency }),
          })
        : given(rule?.points ?? 0);
    return { way, title, summary: rule?.enabled ? summary : '', isOn: rule?.enabled ?? false };
  });
}
