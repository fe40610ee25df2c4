import { Link, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { Referral, SharedTrace } from '#proto/referrals/v1/referrals.ts';
import { Moment } from '../../dashboard/moment.tsx';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { SectionCard } from '../../dashboard/section-card.tsx';
import { usePersonName } from './referral-words.tsx';
import { GRAPH, sharedGraph, type GraphNode } from './shared-graph.rules.ts';
import { TRACE_KINDS } from '#vocabulary/referrals.ts';

interface SharedProps {
  referral: Referral;
  shared: readonly SharedTrace[];
}

function useKindName(): (kind: string) => string {
  const { t } = useTranslation();
  return (kind) =>
    t(`referral.shared.kinds.${TRACE_KINDS.find((known) => known === kind) ?? 'network'}`);
}

/** What friend, member and others have in common: a drawing, and a table with all that it shows and more. */
export function Shared({ referral, shared }: SharedProps) {
  const { t } = useTranslation();
  return (
    <SectionCard title={t('referral.shared.title')}>
      {shared.length === 0 ? (
        <Text as="p">{t('referral.shared.none')}</Text>
      ) : (
        <>
          <Drawing referral={referral} shared={shared} />
          <SharedTable shared={shared} />
        </>
      )}
      <Text as="p" tone="subdued" variant="bodySm">
        {t('referral.shared.kept')}
      </Text>
    </SectionCard>
  );
}

const cut = (text: string, length: number) =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;

function Drawing({ referral, shared }: SharedProps) {
  const nameOf = usePersonName();
  const { friend, advocate } = referral;
  const people = new Map(
    [friend, advocate, ...shared.map(({ person }) => person)].map((person) => [
      person?.customerId ?? '',
      nameOf(person),
    ]),
  );
  const [middle, ...around] = sharedGraph(
    friend?.customerId ?? '',
    advocate?.customerId ?? '',
    shared,
  );
  if (middle === undefined) return null;
  return (
    <svg
      className="ln-graph"
      viewBox={`0 0 ${GRAPH.width} ${GRAPH.height}`}
      // The table says the same.
      aria-hidden="true"
      focusable="false"
    >
      {around.map((node) => (
        <line
          key={node.customerId}
          x1={middle.x}
          y1={middle.y}
          x2={node.x}
          y2={node.y}
          data-shared={node.kinds.length > 0 ? 'true' : undefined}
          strokeWidth={1 + node.kinds.length}
        />
      ))}
      {[middle, ...around].map((node) => (
        <Node key={node.customerId} node={node} name={people.get(node.customerId) ?? ''} />
      ))}
    </svg>
  );
}

function Node({ node, name }: { node: GraphNode; name: string }) {
  const kindOf = useKindName();
  return (
    <g data-role={node.role} transform={`translate(${node.x} ${node.y})`}>
      <circle r={node.role === 'friend' ? 12 : 9} />
      <text y="-15">{cut(name, 20)}</text>
      {node.kinds.length > 0 && (
        <text y="24" className="ln-note">
          {cut(node.kinds.map(kindOf).join(', '), 26)}
        </text>
      )}
    </g>
  );
}

function SharedTable({ shared }: Pick<SharedProps, 'shared'>) {
  const { t } = useTranslation();
  const nameOf = usePersonName();
  const kindOf = useKindName();
  return (
    <RecordTable
      caption={t('referral.shared.caption')}
      rows={shared}
      rowKey={({ kind, person, seenAt }) => `${kind}/${person?.customerId ?? ''}/${seenAt}`}
      columns={[
        {
          key: 'who',
          title: t('referral.shared.who'),
          heading: true,
          cell: ({ person }) => (
            <Link url={`/app/customers/${person?.customerId ?? ''}`} removeUnderline>
              {nameOf(person)}
            </Link>
          ),
        },
        {
          key: 'role',
          title: t('referral.shared.role'),
          cell: ({ role }) =>
            t(
              `referral.shared.roles.${role === 'advocate' || role === 'friend_of_advocate' ? role : 'other'}`,
            ),
        },
        { key: 'what', title: t('referral.shared.what'), cell: ({ kind }) => kindOf(kind) },
        {
          key: 'when',
          title: t('referral.shared.when'),
          cell: ({ seenAt }) => <Moment at={seenAt} dateOnly />,
        },
      ]}
    />
  );
}
