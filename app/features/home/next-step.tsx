import { useFetcher } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
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

/** What would help the shop most, one at a time; a tip is dismissed for good, and restored while the page is open. */
export function NextStep({
  tips,
  themeEditorUrl,
}: {
  tips: readonly Tip[];
  themeEditorUrl: string;
}) {
  const { t } = useTranslation();
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
  const [tip] = shown.flatMap(({ tipId, members }) =>
    isTipId(tipId) && !dismissed.has(tipId) ? [{ tipId, members }] : [],
  );
  if (tip === undefined && last === undefined) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <OutcomeBanner answer={refusal} problem={refusal?.problem} />
        <Text as="h2" variant="headingMd">
          {t('home.tips.title')}
        </Text>
        {tip !== undefined && (
          <OneTip
            {...tip}
            themeEditorUrl={themeEditorUrl}
            onDismiss={() => change(tip.tipId, true)}
          />
        )}
        <div aria-live="polite" className="ln-live">
          {last !== undefined && (
            <InlineStack align="space-between" blockAlign="center" gap="200">
              <Text as="p" tone="subdued">
                {t('home.tips.dismissed')}
              </Text>
              <Button variant="plain" onClick={() => change(last, false)}>
                {t('home.tips.undo')}
              </Button>
            </InlineStack>
          )}
        </div>
      </BlockStack>
    </Card>
  );
}

interface OneTipProps {
  tipId: TipId;
  members: number;
  themeEditorUrl: string;
  onDismiss: () => void;
}

function OneTip({ tipId, members, themeEditorUrl, onDismiss }: OneTipProps) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const title = t(`home.tips.each.${tipId}.title`);
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        {title}
      </Text>
      <Text as="p">
        {tipId === 'win_back'
          ? t('home.tips.winBack', { count: members, formatted: number(members) })
          : t(`home.tips.each.${tipId}.body`)}
      </Text>
      <InlineStack gap="200">
        <Button
          {...(tipId === 'show_widget'
            ? { url: themeEditorUrl, external: true }
            : { url: urls[tipId] })}
        >
          {t(`home.tips.each.${tipId}.action`)}
        </Button>
        <Button
          variant="tertiary"
          accessibilityLabel={t('home.tips.dismissOne', { tip: title })}
          onClick={onDismiss}
        >
          {t('home.tips.dismiss')}
        </Button>
      </InlineStack>
    </BlockStack>
  );
}
