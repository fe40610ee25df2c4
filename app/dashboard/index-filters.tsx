import {
  BlockStack,
  ChoiceList,
  IndexFilters,
  IndexFiltersMode,
  TextField,
} from '@shopify/polaris';
import { startTransition, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTypedSearch } from './address-search.ts';
import type { ChoiceFilter, DateFilter, ListFiltersProps } from './filter-shapes.ts';

/** Polaris's filters over what the address says. Loaded apart from the list, which is there before it. */
export function AddressFilters({ search, views, filters, sort, onChange }: ListFiltersProps) {
  const { t } = useTranslation();
  const applied = filters.filter(isApplied);
  const isFiltered = applied.length > 0 || (search?.value ?? '') !== '';
  const [mode, setMode] = useState(
    isFiltered ? IndexFiltersMode.Filtering : IndexFiltersMode.Default,
  );
  const [query, setQuery] = useTypedSearch(search?.value ?? '', (wanted) =>
    onChange({ [search?.name ?? 'query']: wanted }),
  );
  const clear = () => {
    setQuery('');
    onChange(
      Object.fromEntries(
        [search?.name ?? 'query', ...filters.flatMap(namesOf)].map((name) => [name, '']),
      ),
    );
  };
  return (
    <IndexFilters
      mode={mode}
      // The press is answered before the fields are drawn.
      setMode={(next) => startTransition(() => setMode(next))}
      tabs={(views?.choices ?? [{ value: '', label: t('common.all') }]).map(({ value, label }) => ({
        id: `view-${value}`,
        content: label,
        isLocked: true,
      }))}
      selected={Math.max(0, views?.choices.findIndex(({ value }) => value === views.value) ?? 0)}
      onSelect={(index) =>
        views !== undefined && onChange({ [views.name]: views.choices[index]?.value ?? '' })
      }
      canCreateNewView={false}
      queryValue={query}
      queryPlaceholder={search?.label ?? ''}
      onQueryChange={setQuery}
      onQueryClear={() => setQuery('')}
      hideQueryField={search === undefined}
      hideFilters={filters.length === 0}
      filters={filters.map((filter) => ({
        key: filter.key,
        label: filter.label,
        pinned: true,
        filter: <FilterFields filter={filter} onChange={onChange} />,
      }))}
      appliedFilters={applied.map((filter) => ({
        key: filter.key,
        label: `${filter.label}: ${saidOf(filter)}`,
        onRemove: () => onChange(Object.fromEntries(namesOf(filter).map((name) => [name, '']))),
      }))}
      onClearAll={clear}
      cancelAction={{ onAction: clear }}
      {...(sort !== undefined && {
        sortOptions: sort.choices.map(({ value, label, direction }) => ({
          value: `${value} desc` as const,
          label,
          directionLabel: direction,
        })),
        sortSelected: [`${sort.value} desc`],
        onSort: ([chosen = '']: string[]) => onChange({ [sort.name]: chosen.split(' ')[0] ?? '' }),
      })}
      disableKeyboardShortcuts
    />
  );
}

const isDates = (filter: ChoiceFilter | DateFilter): filter is DateFilter => 'from' in filter;

const isApplied = (filter: ChoiceFilter | DateFilter): boolean =>
  isDates(filter) ? filter.from + filter.to !== '' : filter.value !== '';

const namesOf = (filter: ChoiceFilter | DateFilter): string[] =>
  isDates(filter) ? ['from', 'to'] : [filter.key];

const saidOf = (filter: ChoiceFilter | DateFilter): string =>
  isDates(filter)
    ? filter.said
    : (filter.choices.find(({ value }) => value === filter.value)?.label ?? filter.value);

function FilterFields({
  filter,
  onChange,
}: {
  filter: ChoiceFilter | DateFilter;
  onChange: ListFiltersProps['onChange'];
}) {
  const { t } = useTranslation();
  if (!isDates(filter)) return <Choices filter={filter} onChange={onChange} />;
  return (
    <BlockStack gap="200">
      <TextField
        label={t('common.from')}
        type="date"
        value={filter.from}
        {...(filter.to === '' ? {} : { max: filter.to })}
        onChange={(from) => onChange({ from })}
        autoComplete="off"
      />
      <TextField
        label={t('common.to')}
        type="date"
        value={filter.to}
        {...(filter.from === '' ? {} : { min: filter.from })}
        onChange={(to) => onChange({ to })}
        autoComplete="off"
      />
    </BlockStack>
  );
}

/** Shows what was chosen at once, before the list that it asks for is there. */
function Choices({
  filter,
  onChange,
}: {
  filter: ChoiceFilter;
  onChange: ListFiltersProps['onChange'];
}) {
  const [chosen, setChosen] = useState(filter.value);
  const [asked, setAsked] = useState(filter.value);
  // The back button, or another way to clear it.
  if (asked !== filter.value) {
    setAsked(filter.value);
    setChosen(filter.value);
  }
  return (
    <ChoiceList
      title={filter.label}
      titleHidden
      choices={[...filter.choices]}
      selected={[chosen]}
      onChange={([value = '']) => {
        setChosen(value);
        onChange({ [filter.key]: value });
      }}
    />
  );
}
