import { BlockStack, Button, ButtonGroup, InlineError, InlineStack, Text } from '@shopify/polaris';
import { ArrowDownIcon, ArrowUpIcon, DeleteIcon } from '@shopify/polaris-icons';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  BLOCK_TYPES,
  MESSAGE_LIMITS,
  type MessageBlock,
  type MessageBlockType,
} from '../../../proto/shared/messages/blocks.ts';
import { variableKinds } from '../../../proto/shared/messages/check.ts';
import { BlockFields } from './block-fields.tsx';
import { EMPTY_BLOCKS, moved, type SentType } from './template-form.ts';

interface BlockListProps {
  readonly type: SentType;
  readonly blocks: readonly MessageBlock[];
  readonly errorOf: (field: string) => string | undefined;
  readonly onChange: (field: string, blocks: readonly MessageBlock[]) => void;
  readonly onRemove: (place: number) => void;
  /** Puts back what was removed last; absent when nothing was. */
  readonly onUndo?: () => void;
}

/** The blocks of a mail, from top to bottom. */
export function BlockList(props: BlockListProps) {
  const { type, blocks, errorOf, onChange, onRemove, onUndo } = props;
  const { t } = useTranslation();
  const { list, follow } = useFollowedFocus();
  const error = errorOf('blocks');
  const move = (place: number, by: 1 | -1) => {
    onChange('blocks', moved(blocks, place, place + by));
    follow(place + by, by);
  };
  return (
    <div ref={list}>
      <BlockStack gap="300">
        {blocks.map((block, place) => (
          <div
            // A block is known by its place: it has no other name, and its fields hold nothing of their own.
            key={place}
            className="ln-block"
            role="group"
            aria-label={t('templates.blockAt', {
              name: t(`templates.blocks.${block.type}`),
              place: place + 1,
            })}
          >
            <BlockHead
              name={t(`templates.blocks.${block.type}`)}
              isFirst={place === 0}
              isLast={place === blocks.length - 1}
              onMove={(by) => move(place, by)}
              onRemove={() => onRemove(place)}
            />
            <BlockFields
              block={block}
              errorOf={(field) => errorOf(`blocks.${place}.${field}`)}
              onChange={(field, next) =>
                onChange(`blocks.${place}.${field}`, blocks.with(place, next))
              }
            />
            <Fault message={errorOf(`blocks.${place}`)} id={`block-${place}`} />
          </div>
        ))}
        <Fault message={error} id="blocks" />
        <div aria-live="polite">
          {onUndo && (
            <InlineStack gap="200" blockAlign="center">
              <span>{t('templates.removed')}</span>
              <Button variant="plain" onClick={onUndo}>
                {t('templates.undo')}
              </Button>
            </InlineStack>
          )}
        </div>
        <AddBlock
          types={BLOCK_TYPES.filter((each) => each !== 'code' || 'code' in variableKinds(type))}
          isFull={blocks.length >= MESSAGE_LIMITS.blocks}
          onAdd={(added) => onChange(`blocks.${blocks.length}`, [...blocks, EMPTY_BLOCKS[added]])}
        />
      </BlockStack>
    </div>
  );
}

const Fault = ({ message, id }: { message: string | undefined; id: string }) =>
  message === undefined ? null : <InlineError message={message} fieldID={id} />;

/** The button that moved a block goes with it, so that pressing again moves it further. */
function useFollowedFocus() {
  const list = useRef<HTMLDivElement>(null);
  const [followed, setFollowed] = useState<{ place: number; by: 1 | -1 }>();
  useEffect(() => {
    if (followed === undefined) return;
    const heads = [...(list.current?.querySelectorAll('.ln-block-moves') ?? [])];
    const [up, down] = heads[followed.place]?.querySelectorAll('button') ?? [];
    const [wanted, other] = followed.by === 1 ? [down, up] : [up, down];
    (wanted?.disabled === false ? wanted : other)?.focus();
  }, [followed]);
  return { list, follow: (place: number, by: 1 | -1) => setFollowed({ place, by }) };
}

interface BlockHeadProps {
  readonly name: string;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly onMove: (by: 1 | -1) => void;
  readonly onRemove: () => void;
}

function BlockHead({ name, isFirst, isLast, onMove, onRemove }: BlockHeadProps) {
  const { t } = useTranslation();
  return (
    <InlineStack align="space-between" blockAlign="center">
      <Text as="h3" variant="headingSm">
        {name}
      </Text>
      <div className="ln-block-moves">
        <ButtonGroup variant="segmented">
          <Button
            icon={ArrowUpIcon}
            size="slim"
            disabled={isFirst}
            accessibilityLabel={t('templates.moveUp', { name })}
            onClick={() => onMove(-1)}
          />
          <Button
            icon={ArrowDownIcon}
            size="slim"
            disabled={isLast}
            accessibilityLabel={t('templates.moveDown', { name })}
            onClick={() => onMove(1)}
          />
          <Button
            icon={DeleteIcon}
            size="slim"
            accessibilityLabel={t('templates.remove', { name })}
            onClick={onRemove}
          />
        </ButtonGroup>
      </div>
    </InlineStack>
  );
}

interface AddBlockProps {
  readonly types: readonly MessageBlockType[];
  readonly isFull: boolean;
  readonly onAdd: (type: MessageBlockType) => void;
}

function AddBlock({ types, isFull, onAdd }: AddBlockProps) {
  const { t } = useTranslation();
  return (
    <InlineStack gap="150" blockAlign="center">
      <Text as="span" tone="subdued">
        {t('templates.add')}
      </Text>
      {types.map((type) => (
        <Button key={type} size="slim" disabled={isFull} onClick={() => onAdd(type)}>
          {t(`templates.blocks.${type}`)}
        </Button>
      ))}
    </InlineStack>
  );
}
