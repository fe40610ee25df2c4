import { Banner } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { GRAVE_PROBLEMS, HEALTH_PROBLEMS } from '#vocabulary/health.ts';
import { STATUS_PAGE } from '../../dashboard/status-page.ts';

/** Says the worst of what is wrong, and leads to the rest of it. */
export function HealthBanner({ problems }: { problems: readonly string[] }) {
  const { t } = useTranslation();
  const worst = HEALTH_PROBLEMS.find((problem) => problems.includes(problem));
  if (worst === undefined) return null;
  return (
    <Banner
      tone={GRAVE_PROBLEMS.some((grave) => grave === worst) ? 'critical' : 'warning'}
      title={t(`status.problems.${worst}.title`)}
      action={{ content: t('status.open'), url: STATUS_PAGE }}
    >
      <p>{t(`status.problems.${worst}.body`)}</p>
    </Banner>
  );
}
