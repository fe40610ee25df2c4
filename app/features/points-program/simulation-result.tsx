import { Link } from '@remix-run/react';
import { BlockStack, Text } from '@shopify/polaris';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { SimulatedMember, Simulation } from '#proto/points/v1/simulator.ts';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { useFormat } from '../../dashboard/shop.ts';

// Fetched when there is something to draw.
const PointsChart = lazy(() => import('../../dashboard/points-chart.client.tsx'));

/** Points awarded, points the draft would award, their value, and the most affected members. */
export default function SimulationResult({ simulation }: { simulation: Simulation }) {
  const { t } = useTranslation();
  const { number, points, money, signed } = useFormat();
  const { currency, value } = simulation;
  const worth = (amount: string) => money({ amount, currency });
  const difference = simulation.simulated - simulation.recorded;
  const sentences = [
    t('trial.points', {
      simulated: points(simulation.simulated),
      recorded: points(simulation.recorded),
      difference: signed(difference),
    }),
    t('trial.cost', {
      simulated: worth(simulation.simulatedCost),
      recorded: worth(simulation.recordedCost),
    }),
    t('trial.liability', {
      points: points(simulation.simulatedOutstanding),
      change: worth(simulation.liabilityChange),
    }),
    t(value?.assumed ? 'trial.assumed' : 'trial.valued', {
      points: points(value?.pointsCost ?? 0),
      amount: worth(value?.amount ?? '0'),
    }),
    t('trial.members', {
      gaining: number(simulation.membersGaining),
      losing: number(simulation.membersLosing),
      same: number(simulation.membersSame),
    }),
  ];
  return (
    <BlockStack gap="400">
      <div role="status">
        <BlockStack gap="200">
          {sentences.map((sentence) => (
            <Text as="p" key={sentence}>
              {sentence}
            </Text>
          ))}
        </BlockStack>
      </div>
      {simulation.months.length > 0 && <Months months={simulation.months} />}
      <Members caption={t('trial.gaining')} members={simulation.gaining} />
      <Members caption={t('trial.losing')} members={simulation.losing} />
    </BlockStack>
  );
}

function Months({ months }: Pick<Simulation, 'months'>) {
  const { t } = useTranslation();
  const { number } = useFormat();
  return (
    <>
      <div className="ln-chart">
        <Suspense fallback={null}>
          <PointsChart
            label={t('trial.chart')}
            labels={months.map(({ month }) => month)}
            series={[
              { name: t('trial.recorded'), values: months.map((one) => one.recorded) },
              { name: t('trial.simulated'), values: months.map((one) => one.simulated) },
            ]}
          />
        </Suspense>
      </div>
      <div className="ln-scroll" tabIndex={0} role="region" aria-label={t('trial.byMonth')}>
        <RecordTable
          caption={t('trial.byMonth')}
          rows={months}
          rowKey={({ month }) => month}
          columns={[
            {
              key: 'month',
              title: t('trial.month'),
              heading: true,
              cell: ({ month }) => month,
            },
            {
              key: 'orders',
              title: t('trial.orders'),
              numeric: true,
              cell: (one) => number(one.orders),
            },
            {
              key: 'recorded',
              title: t('trial.recorded'),
              numeric: true,
              cell: (one) => number(one.recorded),
            },
            {
              key: 'simulated',
              title: t('trial.simulated'),
              numeric: true,
              cell: (one) => number(one.simulated),
            },
          ]}
        />
      </div>
    </>
  );
}

function Members({ caption, members }: { caption: string; members: readonly SimulatedMember[] }) {
  const { t } = useTranslation();
  const { number, signed } = useFormat();
  if (members.length === 0) return null;
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        {caption}
      </Text>
      <div className="ln-scroll" tabIndex={0} role="region" aria-label={caption}>
        <RecordTable
          caption={caption}
          rows={members}
          rowKey={({ customerId }) => customerId}
          columns={[
            {
              key: 'name',
              title: t('trial.member'),
              heading: true,
              cell: ({ customerId, firstName, lastName }) => (
                <Link to={`/app/customers/${customerId}`}>
                  {`${firstName} ${lastName}`.trim() || t('trial.unnamed')}
                </Link>
              ),
            },
            {
              key: 'recorded',
              title: t('trial.recorded'),
              numeric: true,
              cell: (member) => number(member.recorded),
            },
            {
              key: 'simulated',
              title: t('trial.simulated'),
              numeric: true,
              cell: (member) => number(member.simulated),
            },
            {
              key: 'difference',
              title: t('trial.difference'),
              numeric: true,
              cell: (member) => signed(member.simulated - member.recorded),
            },
          ]}
        />
      </div>
    </BlockStack>
  );
}
