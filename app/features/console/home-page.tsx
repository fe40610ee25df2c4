import { Link } from '@remix-run/react';
import type { GetPlatformOverviewResponse } from '#proto/admin/v1/console.ts';
import type { ListUnwellShopsResponse } from '#proto/admin/v1/health.ts';
import { useWords } from './parts.tsx';
import { QueueTable } from './queue-table.tsx';
import type { QueueFigures } from './queues.server.ts';
import { UnwellShops } from './unwell-shops.tsx';

interface HomePageProps {
  overview: GetPlatformOverviewResponse;
  figures: readonly QueueFigures[];
  unwell: ListUnwellShopsResponse;
}

export function HomePage({ overview, figures, unwell }: HomePageProps) {
  const { t, number, time } = useWords();
  const since = (iso: string) => (iso === '' ? '' : t('home.since', { time: time(iso) }));
  const cards = [
    {
      name: t('home.shops'),
      value: overview.shopsInstalled,
      note: t('home.ofAll', { total: number(overview.shops) }),
    },
    { name: t('home.failed'), value: overview.deliveriesFailed, note: '' },
    { name: t('home.refused'), value: overview.deliveriesRefused, note: '' },
    {
      name: t('home.waiting'),
      value: overview.deliveriesWaiting,
      note: since(overview.deliveriesWaitingSince),
    },
    {
      name: t('home.events'),
      value: overview.eventsWaiting,
      note: since(overview.eventsWaitingSince),
    },
  ];
  return (
    <>
      <h1 className="text-2xl font-bold">{t('home.title')}</h1>
      <dl className="grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-5">
        {cards.map(({ name, value, note }) => (
          <div key={name} className="c-card">
            <dt className="text-sm text-slate-700">{name}</dt>
            <dd className="text-2xl font-semibold">{number(value)}</dd>
            {note === '' ? null : <dd className="text-sm text-slate-700">{note}</dd>}
          </div>
        ))}
      </dl>
      <section className="c-card space-y-3">
        <h2 className="text-lg font-semibold">{t('home.queues')}</h2>
        <QueueTable figures={figures} nameOf={({ queue }) => queue} />
      </section>
      <UnwellShops {...unwell} />
      <p>
        <Link to="/console/account" className="underline">
          {t('nav.account')}
        </Link>
      </p>
    </>
  );
}
