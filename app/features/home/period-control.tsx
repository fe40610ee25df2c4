import { Link } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import { addressOfPeriod, PERIODS, type Period } from './period.ts';

/** The period is part of the address: it can be shared, and Back leads to the one before. */
export function PeriodControl({ days }: { days: Period }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t('home.period.label')}>
      <ul className="ln-periods">
        {PERIODS.map((period) => (
          <li key={period}>
            <Link
              to={addressOfPeriod(period)}
              preventScrollReset
              aria-current={period === days ? 'true' : undefined}
            >
              {period === 365 ? t('home.period.year') : t('home.period.days', { days: period })}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
