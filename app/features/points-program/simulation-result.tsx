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
    t('program.try.points', {
      simulated: points(simulation.simulated),
      recorded: points(simulation.recorded),
      difference: signed(difference),
    }),
    t('program.try.cost', {
      simulated: worth(simulation.simulatedCost),
      recorded: worth(simulation.recordedCost),
    }),
    t('program.try.liability', {
      points: points(simulation.simulatedOutstanding),
      change: worth(simulation.liabilityChange),
    }),
    t(value?.assumed ? 'program.try.assumed' : 'program.try.valued', {
      points: points(value?.pointsCost ?? 0),
      amount: worth(value?.amount ?? '0'),
    }),
    t('program.try.members', {
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
      <Members caption={t('program.try.gaining')} members={simulation.gaining} />
      <Members caption={t('program.try.losing')} members={simulation.losing} />
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
            label={t('program.try.chart')}
            labels={months.map(({ month }) => month)}
            series={[
              { name: t('program.try.recorded'), values: months.map((one) => one.recorded) },
              { name: t('program.try.simulated'), values: months.map((one) => one.simulated) },
            ]}
          />
        </Suspense>
      </div>
      <div className="ln-scroll" tabIndex={0} role="region" aria-label={t('program.try.byMonth')}>
        <RecordTable
          caption={t('program.try.byMonth')}
          rows={months}
          rowKey={({ month }) => month}
          columns={[
            {
              key: 'month',
              title: t('program.try.month'),
              heading: true,
              cell: ({ month }) => month,
            },
            {
              key: 'orders',
              title: t('program.try.orders'),
              numeric: true,
              cell: (one) => number(one.orders),
            },
            {
              key: 'recorded',
              title: t('program.try.recorded'),
              numeric: true,
              cell: (one) => number(one.recorded),
            },
            {
              key: 'simulated',
              title: t('program.try.simulated'),
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
              title: t('program.try.member'),
              heading: true,
              cell: ({ customerId, firstName, lastName }) => (
                <Link to={`/app/customers/${customerId}`}>
                  {`${firstName} ${lastName}`.trim() || t('program.try.unnamed')}
                </Link>
              ),
            },
            {
              key: 'recorded',
              title: t('program.try.recorded'),
              numeric: true,
              cell: (member) => number(member.recorded),
            },
            {
              key: 'simulated',
              title: t('program.try.simulated'),
              numeric: true,
              cell: (member) => number(member.simulated),
            },
            {
              key: 'difference',
              title: t('program.try.difference'),
              numeric: true,
              cell: (member) => signed(member.simulated - member.recorded),
            },
          ]}
        />
      </div>
    </BlockStack>
  );
}
