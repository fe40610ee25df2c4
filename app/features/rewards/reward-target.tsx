import {
  BlockStack,
  Button,
  ChoiceList,
  FormLayout,
  InlineError,
  InlineStack,
  Text,
} from '@shopify/polaris';
import { useAppBridge } from '@shopify/app-bridge-react';
import type { SetStateAction } from 'react';
import { useTranslation } from 'react-i18next';
import { shapeOf } from './reward-form.ts';
import type { RewardForm } from './reward-form.ts';
import { choicesOf } from '../../dashboard/choices.ts';
import { REWARD_TARGETS, type RewardTarget } from '#vocabulary/rewards.ts';

interface RewardTargetProps {
  form: RewardForm;
  change: (name: string, next: SetStateAction<RewardForm>) => void;
  errorOf: (name: string) => string | undefined;
}

const numeric = (gid: string): string => /(\d+)$/.exec(gid)?.[1] ?? '';

/** What the reward is for: the product that is free, and the order or a collection. */
export function RewardTarget({ form, change, errorOf }: RewardTargetProps) {
  const { t } = useTranslation();
  const { pickProduct, pickCollection } = usePickers(change);
  return (
    <FormLayout>
      {form.kind === 'free_product' && (
        <Picked
          label={t('rewards.field.product')}
          value={form.variantId === '' ? '' : form.targetTitle}
          pick={t('rewards.field.pickProduct')}
          onPick={() => void pickProduct()}
          error={errorOf('variantId')}
          id="reward-product"
        />
      )}
      {shapeOf(form).mayBeLimited && (
        <ChoiceList
          title={t('rewards.field.appliesTo')}
          choices={choicesOf<RewardTarget>({
            order: t('rewards.field.wholeOrder'),
            collection: t('rewards.field.collection'),
          })}
          selected={[form.appliesTo]}
          onChange={([value]) =>
            change('appliesTo', (current) => ({
              ...current,
              appliesTo: REWARD_TARGETS.find((one) => one === value) ?? current.appliesTo,
            }))
          }
        />
      )}
      {shapeOf(form).mayBeLimited && form.appliesTo === 'collection' && (
        <Picked
          label={t('rewards.field.collectionName')}
          value={
            form.collectionId === ''
              ? ''
              : form.kind === 'free_product'
                ? `#${form.collectionId}`
                : form.targetTitle
          }
          pick={t('rewards.field.pickCollection')}
          onPick={() => void pickCollection()}
          error={errorOf('collectionId')}
          id="reward-collection"
        />
      )}
    </FormLayout>
  );
}

/** Shopify's own windows to choose from, and what the form takes of the choice. */
function usePickers(change: RewardTargetProps['change']) {
  const shopify = useAppBridge();
  const pickProduct = async () => {
    const picked = await shopify.resourcePicker({ type: 'product', multiple: false });
    const [product] = picked?.selection ?? [];
    if (product === undefined || !('variants' in product)) return;
    const variantId = numeric(product.variants[0]?.id ?? '');
    change('variantId', (current) => ({
      ...current,
      productId: numeric(product.id),
      variantId,
      targetTitle: product.title,
    }));
  };
  const pickCollection = async () => {
    const picked = await shopify.resourcePicker({ type: 'collection', multiple: false });
    const [collection] = picked?.selection ?? [];
    if (collection === undefined) return;
    change('collectionId', (current) => ({
      ...current,
      collectionId: numeric(collection.id),
      // The name of the product is what a shopper wants to read of a free one.
      ...(current.kind === 'free_product' ? {} : { targetTitle: collection.title }),
    }));
  };
  return { pickProduct, pickCollection };
}

function Picked({
  label,
  value,
  pick,
  onPick,
  error,
  id,
}: {
  label: string;
  value: string;
  pick: string;
  onPick: () => void;
  error: string | undefined;
  id: string;
}) {
  const { t } = useTranslation();
  return (
    <BlockStack gap="100">
      <InlineStack gap="300" blockAlign="center">
        <Text as="p">
          {label}: {value === '' ? t('rewards.field.nothingPicked') : value}
        </Text>
        <Button onClick={onPick}>{pick}</Button>
      </InlineStack>
      {error !== undefined && <InlineError message={error} fieldID={id} />}
    </BlockStack>
  );
}
