import { formatDecimal, formatMoney } from '../i18n/format.ts';
import type { Language } from '../i18n/languages.ts';

export type TitledValue =
  { readonly amount: string; readonly currency: string } | { readonly percent: string };

/** What a reward is called when the merchant gave it no name; `{value}` is its money or percentage. */
const titles: Record<Language, Readonly<Record<string, string>>> = {
  en: {
    amount_off: '{value} off',
    percent_off: '{value} off',
    coupon: '{value} off at checkout',
    free_shipping: 'Free shipping',
    free_product: 'A free product',
    cashback: '{value} back',
    store_credit: '{value} store credit',
    gift_card: '{value} gift card',
    custom: 'A reward',
  },
  es: {
    amount_off: '{value} de descuento',
    percent_off: '{value} de descuento',
    coupon: '{value} de descuento al pagar',
    free_shipping: 'Envío gratis',
    free_product: 'Un producto gratis',
    cashback: '{value} de reembolso',
    store_credit: '{value} de crédito en la tienda',
    gift_card: 'Tarjeta regalo de {value}',
    custom: 'Una recompensa',
  },
  fr: {
    amount_off: '{value} de réduction',
    percent_off: '{value} de réduction',
    coupon: '{value} de réduction au paiement',
    free_shipping: 'Livraison offerte',
    free_product: 'Un produit offert',
    cashback: '{value} remboursés',
    store_credit: '{value} d’avoir',
    gift_card: 'Carte cadeau de {value}',
    custom: 'Une récompense',
  },
};

export function rewardTitle(
  kind: string,
  value: TitledValue | undefined,
  language: Language,
): string {
  const words = titles[language];
  const title = words[kind] ?? words['custom'] ?? '';
  if (!title.includes('{value}')) return title;
  return value === undefined
    ? (words['custom'] ?? '')
    : title.replace('{value}', valueText(value, language));
}

/** Money or per cent, as briefly as it reads well. */
export function valueText(value: TitledValue, language: Language): string {
  if ('percent' in value)
    return `${formatDecimal(value.percent, language)}${language === 'en' ? '' : '\u00a0'}%`;
  const whole = /^-?\d+(\.0*)?$/.test(value.amount);
  const text = formatMoney(value, language);
  // `$5` reads better than `$5.00` on a button.
  return whole ? text.replace(/[.,]00(?!\d)/, '') : text;
}
