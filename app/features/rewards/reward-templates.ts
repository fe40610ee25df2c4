import { rewardTitle } from '../../explanations/reward-title.ts';
import { amountLike } from '../../i18n/currency-size.ts';
import type { RewardForm } from './reward-form.ts';
import type { Language } from '#vocabulary/languages.ts';

/** What a merchant begins a reward with. Costs and values are those of the product's table of defaults. */
export const templates = [
  'amount_off',
  'amount_off_steps',
  'percent_off',
  'free_shipping',
  'free_product',
  'coupon',
  'store_credit',
  'store_credit_steps',
  'gift_card',
  'gift_card_steps',
  'cashback',
  'pos_amount',
  'pos_percent',
] as const;
export type Template = (typeof templates)[number];

export const isTemplate = (text: string | null): text is Template =>
  (templates as readonly (string | null)[]).includes(text);

type Beginning = Partial<RewardForm> & Pick<RewardForm, 'kind' | 'pointsCost'>;

const beginnings: Readonly<Record<Template, Beginning>> = {
  amount_off: { kind: 'amount_off', pointsCost: '500', value: '5' },
  amount_off_steps: { kind: 'amount_off', pointsCost: '100', value: '1', mode: 'incremental' },
  percent_off: { kind: 'percent_off', pointsCost: '1000', value: '10', discount: 'percent' },
  free_shipping: { kind: 'free_shipping', pointsCost: '1000', maxShipping: '25' },
  free_product: { kind: 'free_product', pointsCost: '1500' },
  coupon: { kind: 'coupon', pointsCost: '500', value: '5' },
  store_credit: { kind: 'store_credit', pointsCost: '500', value: '1' },
  store_credit_steps: { kind: 'store_credit', pointsCost: '100', value: '1', mode: 'incremental' },
  gift_card: { kind: 'gift_card', pointsCost: '500', value: '5' },
  gift_card_steps: {
    kind: 'gift_card',
    pointsCost: '100',
    value: '1',
    mode: 'incremental',
    minPoints: '100',
    maxPoints: '1000',
  },
  cashback: { kind: 'cashback', pointsCost: '1000', value: '10' },
  pos_amount: { kind: 'amount_off', pointsCost: '500', value: '5', channel: 'pos' },
  pos_percent: {
    kind: 'percent_off',
    pointsCost: '1000',
    value: '10',
    discount: 'percent',
    channel: 'pos',
  },
};

/** The table's amounts are dollars: about as much in the shop's currency, with the decimals that it has. */
function inCurrency(beginning: Beginning, currency: string): Beginning {
  const { value, maxShipping, discount } = beginning;
  return {
    ...beginning,
    ...(value !== undefined && discount !== 'percent' && { value: amountLike(value, currency) }),
    ...(maxShipping !== undefined && { maxShipping: amountLike(maxShipping, currency) }),
  };
}

/** The form of a new reward, with words in every language that say what it is. */
export function formFromTemplate(template: Template, currency: string): RewardForm {
  const beginning = inCurrency(beginnings[template], currency);
  const { value = '' } = beginning;
  const worth =
    value === ''
      ? undefined
      : beginning.discount === 'percent'
        ? { percent: value }
        : { amount: value, currency };
  // The number of steps is not known yet.
  const named = beginning.mode === 'incremental' ? undefined : worth;
  const title = (language: Language) =>
    beginning.mode === 'incremental' ? '' : rewardTitle(beginning.kind, named, language);
  return {
    channel: 'online',
    active: true,
    titleEn: title('en'),
    titleEs: title('es'),
    titleFr: title('fr'),
    descriptionEn: '',
    descriptionEs: '',
    descriptionFr: '',
    value,
    discount: 'amount',
    mode: 'fixed',
    minPoints: '',
    maxPoints: '',
    appliesTo: 'order',
    collectionId: '',
    productId: '',
    variantId: '',
    targetTitle: '',
    maxShipping: '',
    minPurchase: '',
    codePrefix: 'LN',
    combineOrder: false,
    combineProduct: false,
    combineShipping: beginning.kind !== 'free_shipping',
    expiresAfterDays: '',
    tierIds: '',
    segments: '',
    iconUrl: '',
    ...beginning,
  };
}
