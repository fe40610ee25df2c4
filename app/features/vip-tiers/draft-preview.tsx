import { useSearchParams, type useFetcher } from '@remix-run/react';
import {
  Banner,
  BlockStack,
  Box,
  Button,
  ButtonGroup,
  Card,
  InlineStack,
  Link,
  Text,
} from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogSection } from '../../dashboard/dialog.tsx';
import type { PreviewVipTiersResponse, VipTierSet, VipTierMove } from '#proto/points/v1/tiers.ts';
import { wordsIn } from '../../dashboard/localized.ts';
import { NothingHere } from '../../dashboard/nothing-here.tsx';
import { Pager } from '../../dashboard/pager.tsx';
import { RecordTable } from '../../dashboard/record-table.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import type { TiersAction } from './tiers-action.ts';
import type { TierMove } from '#vocabulary/tiers.ts';

interface DraftPreviewProps {
  draft: VipTierSet;
  preview: PreviewVipTiersResponse;
  list: TierMove;
  currency: string;
  digest: string;
  /** Names what the page shows, the published tier set included. */
  revision: string;
  /** The form differs from the draft: what is shown here is not what is typed there. */
  isDirty: boolean;
  fetcher: ReturnType<typeof useFetcher<TiersAction>>;
}

type Decision = 'publish' | 'discard';

/** A preview of what publishing the draft would change, and for whom. */
export function DraftPreview({
  draft,
  preview,
  list,
  currency,
  digest,
  revision,
  isDirty,
  fetcher,
}: DraftPreviewProps) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<Decision>();
  const isBusy = fetcher.state !== 'idle';
  const act = (intent: Decision) => {
    setAsking(undefined);
    fetcher.submit({ intent, digest, revision }, { method: 'post' });
  };
  return (
    <Card padding="0">
      <Box padding="400">
        <BlockStack gap="400">
          <BlockStack gap="100">
            <Text as="h2" variant="headingMd">
              {t('tiers.preview.title')}
            </Text>
            <Text as="p" tone="subdued">
              {t('tiers.preview.help')}
            </Text>
          </BlockStack>
          {isDirty && (
            <Banner tone="warning">
              <p>{t('tiers.preview.dirty')}</p>
            </Banner>
          )}
          <Figures preview={preview} draft={draft} />
          <InlineStack align="space-between" gap="200">
            <ListChoice list={list} rises={preview.rises} falls={preview.falls} />
            <Decisions isDirty={isDirty} isBusy={isBusy} onAsk={setAsking} />
          </InlineStack>
        </BlockStack>
      </Box>
      {preview.moves.length === 0 ? (
        <NothingHere
          body={t(list === 'rise' ? 'tiers.preview.noRises' : 'tiers.preview.noFalls')}
        />
      ) : (
        <Moves moves={preview.moves} list={list} currency={currency} />
      )}
      <Box padding="200">
        <Pager nextCursor={preview.page?.nextCursor ?? ''} label={t('tiers.preview.pages')} />
      </Box>
      {asking !== undefined && (
        <Confirmation
          decision={asking}
          preview={preview}
          onClose={() => setAsking(undefined)}
          onConfirm={() => act(asking)}
        />
      )}
    </Card>
  );
}

function Figures({ preview, draft }: Pick<DraftPreviewProps, 'preview' | 'draft'>) {
  const { t } = useTranslation();
  const { number, points } = useFormat();
  const consequence =
    draft.graceDays === 0
      ? t('tiers.preview.atOnce')
      : t('tiers.preview.afterGrace', {
          count: draft.graceDays,
          formatted: number(draft.graceDays),
        });
  return (
    <dl className="ln-figures">
      <Figure term={t('tiers.preview.rises')} value={number(preview.rises)} />
      <Figure
        term={t('tiers.preview.falls')}
        value={number(preview.falls)}
        note={preview.falls > 0 ? consequence : undefined}
      />
      <Figure term={t('tiers.preview.unchanged')} value={number(preview.unchanged)} />
      <Figure
        term={t('tiers.preview.entryPoints')}
        value={points(preview.entryPoints)}
        note={t('tiers.preview.entryMembers', {
          count: preview.entryPointsMembers,
          formatted: number(preview.entryPointsMembers),
        })}
      />
      {preview.entryRewardMembers > 0 && (
        <Figure
          term={t('tiers.preview.entryRewards')}
          value={number(preview.entryRewardMembers)}
          note={t('tiers.preview.entryRewardsNote')}
        />
      )}
      {preview.freeShippingMembers > 0 && (
        <Figure
          term={t('tiers.preview.freeShipping')}
          value={number(preview.freeShippingMembers)}
          note={t('tiers.preview.freeShippingNote')}
        />
      )}
    </dl>
  );
}

interface DecisionsProps {
  isDirty: boolean;
  isBusy: boolean;
  onAsk: (decision: Decision) => void;
}

function Decisions({ isDirty, isBusy, onAsk }: DecisionsProps) {
  const { t } = useTranslation();
  return (
    <ButtonGroup>
      <Button disabled={isBusy} onClick={() => onAsk('discard')}>
        {t('tiers.preview.discard')}
      </Button>
      <Button
        variant="primary"
        disabled={isDirty}
        loading={isBusy}
        onClick={() => onAsk('publish')}
      >
        {t('tiers.preview.publish')}
      </Button>
    </ButtonGroup>
  );
}

interface ConfirmationProps extends Pick<DraftPreviewProps, 'preview'> {
  decision: Decision;
  onClose: () => void;
  onConfirm: () => void;
}

function Confirmation({ decision, preview, onClose, onConfirm }: ConfirmationProps) {
  const { t } = useTranslation();
  const { number, points } = useFormat();
  return (
    <Dialog
      onClose={onClose}
      title={t(
        decision === 'discard' ? 'tiers.preview.discardTitle' : 'tiers.preview.publishTitle',
      )}
      primaryAction={{
        content: t(decision === 'discard' ? 'tiers.preview.discard' : 'tiers.preview.publish'),
        destructive: decision === 'discard',
        onAction: onConfirm,
      }}
      secondaryActions={[{ content: t('common.cancel'), onAction: onClose }]}
    >
      <DialogSection>
        <p>
          {decision === 'discard'
            ? t('tiers.preview.discardBody')
            : t('tiers.preview.publishBody', {
                rises: number(preview.rises),
                falls: number(preview.falls),
                points: points(preview.entryPoints),
                rewards: number(preview.entryRewardMembers),
              })}
        </p>
      </DialogSection>
    </Dialog>
  );
}

function Figure({ term, value, note }: { term: string; value: string; note?: string | undefined }) {
  return (
    <div className="ln-figure">
      <dt>{term}</dt>
      <dd className="ln-value">{value}</dd>
      {note !== undefined && <dd className="ln-note">{note}</dd>}
    </div>
  );
}

/** Which list is shown is part of the address, so that the page can be walked through and reloaded. */
function ListChoice({ list, rises, falls }: { list: TierMove; rises: number; falls: number }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const [, setSearch] = useSearchParams();
  const show = (one: TierMove) =>
    setSearch(new URLSearchParams({ list: one }), { replace: true, preventScrollReset: true });
  return (
    <ButtonGroup variant="segmented">
      <Button pressed={list === 'rise'} onClick={() => show('rise')}>
        {t('tiers.preview.showRises', { formatted: number(rises) })}
      </Button>
      <Button pressed={list === 'fall'} onClick={() => show('fall')}>
        {t('tiers.preview.showFalls', { formatted: number(falls) })}
      </Button>
    </ButtonGroup>
  );
}

function Moves({
  moves,
  list,
  currency,
}: {
  moves: readonly VipTierMove[];
  list: TierMove;
  currency: string;
}) {
  const { t } = useTranslation();
  const { language, money, points, lastDay } = useFormat();
  const nameOf = (names: Readonly<Record<string, string>>) =>
    wordsIn(names, language) || t('tiers.none');
  return (
    <RecordTable
      caption={t(list === 'rise' ? 'tiers.preview.risesCaption' : 'tiers.preview.fallsCaption')}
      rows={moves}
      rowKey={(move) => move.customerId}
      columns={[
        {
          key: 'member',
          title: t('tiers.preview.member'),
          heading: true,
          cell: (move) => (
            <Link url={`/app/customers/${move.customerId}`} removeUnderline>
              {move.name || t('customers.noName')}
            </Link>
          ),
        },
        { key: 'from', title: t('tiers.preview.from'), cell: (move) => nameOf(move.fromNames) },
        { key: 'to', title: t('tiers.preview.to'), cell: (move) => nameOf(move.toNames) },
        {
          key: 'counts',
          title: t('tiers.preview.counts'),
          numeric: true,
          cell: (move) =>
            [
              move.spend === '' ? '' : money({ amount: move.spend, currency }),
              move.points < 0 ? '' : points(move.points),
            ]
              .filter(Boolean)
              .join(' · '),
        },
        ...(list === 'rise'
          ? []
          : [
              {
                key: 'until',
                title: t('tiers.preview.keepsUntil'),
                cell: (move: VipTierMove) => (
                  <span suppressHydrationWarning>
                    {move.keepsUntil === '' ? t('tiers.preview.now') : lastDay(move.keepsUntil)}
                  </span>
                ),
              },
            ]),
      ]}
    />
  );
}
