// The checkout's messages for refused codes, in the shop's three languages.
import type { Language } from './shell-words.ts';
import { Refusal } from './world.ts';

type CodeProblem =
  | 'unknown'
  | 'inactive'
  | 'used_up'
  | 'not_theirs'
  | 'used_by_them'
  | 'minimum'
  | 'quantity'
  | 'nothing_for_it'
  | 'goes_with'
  | 'goes_with_amount'
  | 'shipping_too_dear'
  | 'one_shipping'
  | 'five_at_most'
  | 'does_not_combine'
  | 'another_is_better'
  | 'card_empty'
  | 'card_expired'
  | 'card_currency';

const EN: Readonly<Record<CodeProblem, string>> = {
  unknown: 'Enter a valid discount code: {code} is not known',
  inactive: '{code} is no longer valid',
  used_up: '{code} has reached its usage limit',
  not_theirs: '{code} is not available to this customer; sign in with the account it was given to',
  used_by_them: '{code} was used by this customer already',
  minimum: '{code} needs at least {detail} in the cart',
  quantity: '{code} needs at least {detail} items in the cart',
  nothing_for_it: '{code} is for something that is not in the cart',
  goes_with: '{code} needs something that it goes with in the cart',
  goes_with_amount: '{code} needs at least {detail} of what it goes with',
  shipping_too_dear: '{code} does not cover this shipping rate',
  one_shipping: '{code} couldn’t be used with {detail}: an order takes one shipping discount',
  five_at_most: '{code} couldn’t be used: an order takes five codes',
  does_not_combine: '{code} couldn’t be used with your existing discount {detail}',
  another_is_better: '{code} was left out: {detail} takes more off the same items',
  card_empty: 'The gift card ending in {code} has no balance left',
  card_expired: 'The gift card ending in {code} has expired',
  card_currency: 'The gift card ending in {code} is in another currency',
};
const ES: Readonly<Record<CodeProblem, string>> = {
  unknown: 'Introduce un código válido: {code} no existe',
  inactive: '{code} ya no es válido',
  used_up: '{code} ha llegado a su límite de usos',
  not_theirs:
    '{code} no está disponible para este cliente; inicia sesión con la cuenta que lo recibió',
  used_by_them: 'Este cliente ya ha usado {code}',
  minimum: '{code} necesita al menos {detail} en el carrito',
  quantity: '{code} necesita al menos {detail} artículos en el carrito',
  nothing_for_it: '{code} es para algo que no está en el carrito',
  goes_with: '{code} necesita en el carrito algo que lo acompañe',
  goes_with_amount: '{code} necesita al menos {detail} de lo que lo acompaña',
  shipping_too_dear: '{code} no cubre esta tarifa de envío',
  one_shipping: '{code} no se puede usar con {detail}: un pedido admite un descuento de envío',
  five_at_most: '{code} no se puede usar: un pedido admite cinco códigos',
  does_not_combine: '{code} no se puede usar con tu descuento actual {detail}',
  another_is_better: '{code} no se aplica: {detail} descuenta más de los mismos artículos',
  card_empty: 'La tarjeta de regalo que termina en {code} no tiene saldo',
  card_expired: 'La tarjeta de regalo que termina en {code} ha caducado',
  card_currency: 'La tarjeta de regalo que termina en {code} está en otra moneda',
};
const FR: Readonly<Record<CodeProblem, string>> = {
  unknown: 'Saisissez un code valide : {code} n’existe pas',
  inactive: '{code} n’est plus valable',
  used_up: '{code} a atteint sa limite d’utilisation',
  not_theirs:
    '{code} n’est pas disponible pour ce client ; connectez-vous avec le compte qui l’a reçu',
  used_by_them: 'Ce client a déjà utilisé {code}',
  minimum: '{code} demande au moins {detail} dans le panier',
  quantity: '{code} demande au moins {detail} articles dans le panier',
  nothing_for_it: '{code} concerne un article absent du panier',
  goes_with: '{code} demande dans le panier un article qui va avec',
  goes_with_amount: '{code} demande au moins {detail} de ce qui va avec',
  shipping_too_dear: '{code} ne couvre pas ce tarif de livraison',
  one_shipping:
    '{code} ne peut pas être utilisé avec {detail} : une commande accepte une réduction de livraison',
  five_at_most: '{code} ne peut pas être utilisé : une commande accepte cinq codes',
  does_not_combine: '{code} ne peut pas être utilisé avec votre réduction {detail}',
  another_is_better: '{code} n’est pas appliqué : {detail} réduit davantage les mêmes articles',
  card_empty: 'La carte cadeau se terminant par {code} n’a plus de solde',
  card_expired: 'La carte cadeau se terminant par {code} a expiré',
  card_currency: 'La carte cadeau se terminant par {code} est dans une autre devise',
};
const WORDS: Readonly<Record<Language, Readonly<Record<CodeProblem, string>>>> = {
  en: EN,
  es: ES,
  fr: FR,
};

/** A refused code or card, with the data for a message in any language. */
export class CodeRefusal extends Refusal {
  readonly problem: CodeProblem;
  readonly code: string;
  readonly detail: string;
  constructor(problem: CodeProblem, code: string, detail = '') {
    super(refusalText('en', { problem, code, detail }));
    this.problem = problem;
    this.code = code;
    this.detail = detail;
  }
}

export const refusalText = (
  language: Language,
  { problem, code, detail }: Pick<CodeRefusal, 'problem' | 'code' | 'detail'>,
): string => WORDS[language][problem].replace('{code}', code).replace('{detail}', detail);
