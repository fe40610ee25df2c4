import {
  Badge,
  BlockStack,
  Card,
  ChoiceList,
  FormLayout,
  List,
  Text,
  TextField,
} from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Reward } from '#proto/points/v1/rewards.ts';
import { useFormat } from '../../dashboard/shop.ts';
import { readTypedAmount } from '../../i18n/typed-amount.ts';
import { formatDecimal, parseDecimal } from '../../money.ts';
import { formOf, isPercent, shapeOf } from './reward-form.ts';
import { stack } from './stacking.rules.ts';
import type { Cart, Stackable, Verdict } from './stacking.rules.ts';

type CartForm = Record<keyof Cart, string>;
const cartFields = ['goods', 'inCollection', 'freeProduct', 'shipping'] as const;

/** Of a reward: as it is stored. */
const amountOf = (stored: string): bigint => (stored === '' ? 0n : parseDecimal(stored));

/** A reward's code as the rules of combination see it; undefined for what is no code but money. */
function stackableOf(reward: Reward): Stackable | undefined {
  const form = formOf(reward);
  if (!shapeOf(form).isCode) return undefined;
  return {
    id: reward.rewardId,
    class:
      form.kind === 'free_shipping'
        ? 'shipping'
        : form.kind === 'free_product' || form.appliesTo === 'collection'
          ? 'product'
          : 'order',
    combinesWith: {
      order: form.combineOrder,
      product: form.combineProduct,
      shipping: form.combineShipping,
    },
    off:
      form.kind === 'free_shipping'
        ? {
            kind: 'shipping',
            upTo: form.maxShipping === '' ? null : amountOf(form.maxShipping),
          }
        : form.kind === 'free_product'
          ? { kind: 'product' }
          : isPercent(form)
            ? { kind: 'percent', percent: amountOf(form.value) }
            : { kind: 'amount', amount: amountOf(form.value) },
    minimum: form.minPurchase === '' ? null : amountOf(form.minPurchase),
  };
}

/** A sample cart: which codes Shopify would accept, in which order, and why not. */
export function StackingTester({
  rewards,
  currency,
  titleOf,
}: {
  rewards: readonly Reward[];
  currency: string;
  titleOf: (reward: Reward) => string;
}) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string[]>([]);
  const [cart, setCart] = useState<CartForm>({
    goods: '80',
    inCollection: '40',
    freeProduct: '0',
    shipping: '5',
  });
  const codes = rewards.flatMap((reward) => {
    const code = stackableOf(reward);
    return code === undefined ? [] : [{ reward, code }];
  });
  const entered = chosen.flatMap((id) => codes.filter(({ code }) => code.id === id));
  const typed = (field: keyof Cart) => readTypedAmount(cart[field].trim() || '0', currency);
  const result = stack(
    entered.map(({ code }) => code),
    {
      goods: parseDecimal(typed('goods') ?? '0'),
      inCollection: parseDecimal(typed('inCollection') ?? '0'),
      freeProduct: parseDecimal(typed('freeProduct') ?? '0'),
      shipping: parseDecimal(typed('shipping') ?? '0'),
    },
  );
  const nameOf = (id: string) => {
    const found = codes.find(({ code }) => code.id === id);
    return found === undefined ? '' : titleOf(found.reward);
  };
  if (codes.length === 0) return null;
  return (
    <Card>
      <BlockStack gap="400">
        <Heading />
        <CartFields {...{ cart, setCart, typed, currency }} />
        <ChoiceList
          allowMultiple
          title={t('rewards.stacking.codes')}
          choices={codes.map(({ reward }) => ({ value: reward.rewardId, label: titleOf(reward) }))}
          selected={chosen}
          onChange={(next) =>
            // In the order in which they were entered.
            setChosen((current) => [
              ...current.filter((id) => next.includes(id)),
              ...next.filter((id) => !current.includes(id)),
            ])
          }
        />
        <div aria-live="polite">
          {cartFields.some((field) => typed(field) === undefined) ? null : entered.length === 0 ? (
            <Text as="p" tone="subdued">
              {t('rewards.stacking.choose')}
            </Text>
          ) : (
            <Outcome result={result} nameOf={nameOf} currency={currency} />
          )}
        </div>
      </BlockStack>
    </Card>
  );
}

function Heading() {
  const { t } = useTranslation();
  return (
    <BlockStack gap="100">
      <Text as="h2" variant="headingMd">
        {t('rewards.stacking.title')}
      </Text>
      <Text as="p" tone="subdued">
        {t('rewards.stacking.help')}
      </Text>
    </BlockStack>
  );
}

interface CartFieldsProps {
  cart: CartForm;
  setCart: (next: (current: CartForm) => CartForm) => void;
  /** The amount that a field says; undefined when it says none. */
  typed: (field: keyof Cart) => string | undefined;
  currency: string;
}

function CartFields({ cart, setCart, typed, currency }: CartFieldsProps) {
  const { t } = useTranslation();
  return (
    <FormLayout>
      <FormLayout.Group>
        {cartFields.map((field) => (
          <TextField
            key={field}
            label={t(`rewards.stacking.cart.${field}`)}
            value={cart[field]}
            onChange={(value) => setCart((current) => ({ ...current, [field]: value }))}
            error={typed(field) === undefined && t('fields.amount')}
            inputMode="decimal"
            autoComplete="off"
            suffix={currency}
          />
        ))}
      </FormLayout.Group>
    </FormLayout>
  );
}

interface OutcomeProps {
  result: ReturnType<typeof stack>;
  nameOf: (id: string) => string;
  currency: string;
}

/** Which codes Shopify would accept, why not the others, and what is to be paid. */
function Outcome({ result, nameOf, currency }: OutcomeProps) {
  const { t } = useTranslation();
  const { money } = useFormat();
  const amount = (value: bigint) => money({ amount: formatDecimal(value), currency });
  const sentence = ({ id, place, off, refusal, because }: Verdict) =>
    refusal === undefined
      ? t('rewards.stacking.applied', { place, title: nameOf(id), amount: amount(off) })
      : t(`rewards.stacking.refusal.${refusal}`, {
          title: nameOf(id),
          other: because === undefined ? '' : nameOf(because),
        });
  return (
    <BlockStack gap="200">
      <List>
        {result.verdicts.map((verdict) => (
          <List.Item key={verdict.id}>
            <Badge tone={verdict.refusal === undefined ? 'success' : 'critical'}>
              {t(
                verdict.refusal === undefined
                  ? 'rewards.stacking.accepted'
                  : 'rewards.stacking.refused',
              )}
            </Badge>{' '}
            {sentence(verdict)}
          </List.Item>
        ))}
      </List>
      <Text as="p" fontWeight="semibold">
        {t('rewards.stacking.total', {
          goods: amount(result.goods),
          shipping: amount(result.shipping),
          total: amount(result.total),
        })}
      </Text>
    </BlockStack>
  );
}
