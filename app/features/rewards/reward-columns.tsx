import { Badge, BlockStack, Button, InlineStack, Text } from '@shopify/polaris';
import { ArrowDownIcon, ArrowUpIcon } from '@shopify/polaris-icons';
import { useTranslation } from 'react-i18next';
import type { Reward } from '#proto/points/v1/rewards.ts';
import type { Column } from '../../dashboard/record-table.tsx';
import { useFormat, useShop } from '../../dashboard/shop.ts';
import { pictureSource } from '../../files/pictures.ts';
import { formOf } from './reward-form.ts';
import { useWorth } from './worth.ts';

interface ColumnOptions {
  readonly rewards: readonly Reward[];
  readonly currency: string;
  readonly titleOf: (reward: Reward) => string;
  readonly isBusy: boolean;
  /** The order is that of the whole list. */
  readonly mayMove: boolean;
  readonly setStatus: (rewardId: string, status: string) => void;
  readonly move: (index: number, by: number) => void;
}

/** The columns of the list of rewards. */
export function useColumns({
  rewards,
  currency,
  titleOf,
  isBusy,
  mayMove,
  setStatus,
  move,
}: ColumnOptions): Column<Reward>[] {
  const { t } = useTranslation();
  const { number } = useFormat();
  const worth = useWorth(currency);
  return [
    {
      key: 'title',
      title: t('rewards.column.title'),
      heading: true,
      cell: (reward) => <Name reward={reward} title={titleOf(reward)} />,
    },
    {
      key: 'cost',
      title: t('rewards.column.cost'),
      numeric: true,
      cell: (reward) => worth.cost(formOf(reward)),
    },
    {
      key: 'value',
      title: t('rewards.column.value'),
      numeric: true,
      cell: (reward) => worth.value(formOf(reward)),
    },
    {
      key: 'used',
      title: t('rewards.column.used'),
      numeric: true,
      cell: (reward) =>
        t('rewards.usage', { redeemed: number(reward.redeemed), used: number(reward.used) }),
    },
    {
      key: 'status',
      title: t('rewards.column.status'),
      cell: ({ status }) => (
        <Badge tone={status === 'active' ? 'success' : 'new'}>
          {status === 'active' ? t('rewards.on') : t('rewards.off')}
        </Badge>
      ),
    },
    {
      key: 'actions',
      title: t('rewards.column.actions'),
      hideTitle: true,
      cell: (reward) => {
        const index = rewards.indexOf(reward);
        return (
          <Actions
            title={titleOf(reward)}
            isOn={reward.status === 'active'}
            isBusy={isBusy}
            isFirst={!mayMove || index === 0}
            isLast={!mayMove || index === rewards.length - 1}
            onMove={(by) => move(index, by)}
            onStatus={(status) => setStatus(reward.rewardId, status)}
          />
        );
      },
    },
  ];
}

function Name({ reward, title }: { reward: Reward; title: string }) {
  const { t } = useTranslation();
  const { pictures } = useShop();
  return (
    <BlockStack gap="100">
      <InlineStack gap="200" blockAlign="center">
        {reward.iconUrl !== '' && (
          <img
            className="ln-picture ln-picture-small"
            src={pictureSource(reward.iconUrl, pictures)}
            alt=""
            loading="lazy"
          />
        )}
        <Button variant="plain" textAlign="left" url={`/app/rewards/${reward.rewardId}`}>
          {title}
        </Button>
        {reward.channel === 'pos' && <Badge>{t('rewards.pos')}</Badge>}
        {reward.tierIds.length > 0 && <Badge tone="info">{t('rewards.exclusive')}</Badge>}
      </InlineStack>
      <Text as="span" tone="subdued" variant="bodySm">
        {t(`rewards.kind.${formOf(reward).kind}`)}
      </Text>
    </BlockStack>
  );
}

interface ActionsProps {
  title: string;
  isOn: boolean;
  isBusy: boolean;
  isFirst: boolean;
  isLast: boolean;
  onMove: (by: 1 | -1) => void;
  onStatus: (status: string) => void;
}

function Actions({ title, isOn, isBusy, isFirst, isLast, onMove, onStatus }: ActionsProps) {
  const { t } = useTranslation();
  return (
    <InlineStack gap="100" blockAlign="center" wrap={false}>
      <Button
        icon={ArrowUpIcon}
        variant="tertiary"
        disabled={isBusy || isFirst}
        accessibilityLabel={t('rewards.moveUp', { title })}
        onClick={() => onMove(-1)}
      />
      <Button
        icon={ArrowDownIcon}
        variant="tertiary"
        disabled={isBusy || isLast}
        accessibilityLabel={t('rewards.moveDown', { title })}
        onClick={() => onMove(1)}
      />
      <Button
        disabled={isBusy}
        accessibilityLabel={t(isOn ? 'rewards.switchOffNamed' : 'rewards.switchOnNamed', {
          title,
        })}
        onClick={() => onStatus(isOn ? 'disabled' : 'active')}
      >
        {t(isOn ? 'rewards.switchOff' : 'rewards.switchOn')}
      </Button>
      <Button
        tone="critical"
        variant="tertiary"
        disabled={isBusy}
        accessibilityLabel={t('rewards.deleteNamed', { title })}
        onClick={() => onStatus('deleted')}
      >
        {t('rewards.delete')}
      </Button>
    </InlineStack>
  );
}
