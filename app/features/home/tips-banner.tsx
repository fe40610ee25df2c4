import { useFetcher } from '@remix-run/react';
import { Banner, BlockStack } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Tip } from '#proto/admin/v1/tips.ts';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import type { Refusal } from '../../dashboard/refusal.ts';
import { useFormat } from '../../dashboard/shop.ts';
import { isTipId } from './tips.ts';
import type { TipId } from '#vocabulary/shops.ts';

type Answer = { ok: true; tipId: TipId; isDismissed: boolean } | Refusal;

const urls: Readonly<Record<Exclude<TipId, 'show_widget'>, string>> = {
  program_off: '/app/program',
  first_reward: '/app/rewards',
  win_back: '/app/campaigns/new',
  tiers: '/app/tiers',
  campaign: '/app/campaigns/new',
  birthday: '/app/program/earn/birthday',
  expiry: '/app/program/expiration',
};

/** Today's tips; each can be dismissed, and restored while the page is open. */
export function Tips({ tips, themeEditorUrl }: { tips: readonly Tip[]; themeEditorUrl: string }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const fetcher = useFetcher<Answer>();
  const [shown] = useState(tips);
  const [dismissed, setDismissed] = useState<ReadonlySet<TipId>>(new Set());
  const [last, setLast] = useState<TipId>();
  const refusal = fetcher.state === 'idle' && fetcher.data?.ok === false ? fetcher.data : undefined;

  const change = (tipId: TipId, isDismissed: boolean) => {
    const next = new Set(dismissed);
    if (isDismissed) next.add(tipId);
    else next.delete(tipId);
    setDismissed(next);
    setLast(isDismissed ? tipId : undefined);
    fetcher.submit({ tipId, undo: String(!isDismissed) }, { method: 'post', action: '/app/tips' });
  };
  const open = shown.flatMap(({ tipId, members }) =>
    isTipId(tipId) && !dismissed.has(tipId) ? [{ tipId, members }] : [],
  );
  return (
    <BlockStack gap="300">
      <OutcomeBanner answer={refusal} problem={refusal?.problem} />
      {open.map(({ tipId, members }) => (
        <Banner
          key={tipId}
          tone="info"
          title={t('home.tips.title', { tip: t(`home.tips.each.${tipId}.title`) })}
          action={{
            content: t(`home.tips.each.${tipId}.action`),
            ...(tipId === 'show_widget'
              ? { url: themeEditorUrl, external: true }
              : { url: urls[tipId] }),
          }}
          onDismiss={() => change(tipId, true)}
        >
          <p>
            {tipId === 'win_back'
              ? t('home.tips.winBack', { count: members, formatted: number(members) })
              : t(`home.tips.each.${tipId}.body`)}
          </p>
        </Banner>
      ))}
      <div aria-live="polite" className="ln-live">
        {last !== undefined && (
          <Banner
            tone="success"
            action={{ content: t('home.tips.undo'), onAction: () => change(last, false) }}
            onDismiss={() => setLast(undefined)}
          >
            <p>{t('home.tips.dismissed')}</p>
          </Banner>
        )}
      </div>
    </BlockStack>
  );
}
