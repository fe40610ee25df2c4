import { useLocation, useNavigate, useNavigation, useSearchParams } from '@remix-run/react';
import { Button, InlineStack } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';

/** The pages before this one, first to last; kept with the browser's history entry, as cursors only lead forward. */
function trailOf(state: unknown): readonly string[] {
  if (
    typeof state !== 'object' ||
    state === null ||
    !('trail' in state) ||
    !Array.isArray(state.trail)
  )
    return [];
  return state.trail.filter((cursor): cursor is string => typeof cursor === 'string');
}

/** Next and previous page of a list with a `cursor` in the URL. */
export function Pager({ nextCursor, label }: { nextCursor: string; label: string }) {
  const { t } = useTranslation();
  const location = useLocation();
  const navigate = useNavigate();
  const isLoading = useNavigation().state === 'loading';
  const [search] = useSearchParams();
  const cursor = search.get('cursor') ?? '';
  const trail = trailOf(location.state);
  if (cursor === '' && nextCursor === '') return null;

  const go = (to: string, nextTrail: readonly string[]) => {
    const next = new URLSearchParams(search);
    if (to === '') next.delete('cursor');
    else next.set('cursor', to);
    navigate(`?${next.toString()}`, { state: { trail: nextTrail } });
  };
  return (
    <nav aria-label={label}>
      <InlineStack gap="200" align="center">
        <Button
          disabled={cursor === '' || isLoading}
          // Someone who opened a link has no trail: previous is the first page.
          onClick={() => go(trail.at(-1) ?? '', trail.slice(0, -1))}
        >
          {t('common.previous')}
        </Button>
        <Button
          disabled={nextCursor === '' || isLoading}
          onClick={() => go(nextCursor, [...trail, cursor])}
        >
          {t('common.next')}
        </Button>
      </InlineStack>
    </nav>
  );
}
