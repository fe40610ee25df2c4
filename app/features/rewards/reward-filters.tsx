import { useSearchParams } from '@remix-run/react';
import { useTranslation } from 'react-i18next';
import type { Reward } from '#proto/points/v1/rewards.ts';
import { useAddressFilters } from '../../dashboard/address-search.ts';
import { ListFilters } from '../../dashboard/list-filters.tsx';
import { REWARD_KINDS } from '#vocabulary/rewards.ts';

/** From so many rewards on, a list is searched rather than read. */
const FILTERED_FROM = 8;

const STATUSES = ['active', 'disabled'] as const;

/** The rewards that the address asks for, of all that there are: they come whole, since their order is the shop's. */
export function useChosenRewards(
  rewards: readonly Reward[],
  titleOf: (reward: Reward) => string,
): { chosen: readonly Reward[]; isFiltered: boolean } {
  const [search] = useSearchParams();
  const asked = (name: string) => (rewards.length < FILTERED_FROM ? '' : (search.get(name) ?? ''));
  const [query, status, kind] = [asked('query').toLowerCase(), asked('status'), asked('kind')];
  const isFiltered = query + status + kind !== '';
  const chosen = rewards.filter(
    (reward) =>
      titleOf(reward).toLowerCase().includes(query) &&
      (status === '' || reward.status === status) &&
      (kind === '' || reward.kind === kind),
  );
  return { chosen, isFiltered };
}

export function RewardFilters({ rewards }: { rewards: readonly Reward[] }) {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const change = useAddressFilters();
  if (rewards.length < FILTERED_FROM) return null;
  return (
    <ListFilters
      search={{ name: 'query', label: t('rewards.search'), value: search.get('query') ?? '' }}
      views={{
        name: 'status',
        value: search.get('status') ?? '',
        choices: [
          { value: '', label: t('common.all') },
          ...STATUSES.map((value) => ({
            value,
            label: t(value === 'active' ? 'rewards.on' : 'rewards.off'),
          })),
        ],
      }}
      filters={[
        {
          key: 'kind',
          label: t('rewards.type'),
          value: search.get('kind') ?? '',
          choices: REWARD_KINDS.map((value) => ({ value, label: t(`rewards.kind.${value}`) })),
        },
      ]}
      onChange={change}
    />
  );
}
