// Metafield namespaces, types and values.
import type { Metafield } from '../state.ts';

export const APP_NAMESPACE = 'app--217310001';
/** `$app:loyalnest` and a missing namespace mean the calling app's own. */
export function fullNamespace(namespace: string | null | undefined): string {
  if (namespace === null || namespace === undefined || namespace === '$app') return APP_NAMESPACE;
  return namespace.startsWith('$app:') ? `${APP_NAMESPACE}--${namespace.slice(5)}` : namespace;
}
/** The value as its type means it. */
export function jsonValue(metafield: Metafield): unknown {
  return /^(json|number_|boolean|list\.|money|rating|dimension|weight|volume)/.test(metafield.type)
    ? JSON.parse(metafield.value)
    : metafield.value;
}

/** The types an app may give a metafield. */
export const TYPES =
  /^(list\.)?(single_line_text_field|multi_line_text_field|number_integer|number_decimal|boolean|date|date_time|json|url|money|rating|color|customer_reference|order_reference|product_reference|id)$/;

/** Why a value does not fit its type, or undefined. */
export function invalidValue(type: string, value: string): string | undefined {
  if (value === '') return 'may not be empty';
  if (type === 'number_integer')
    return /^-?\d+$/.test(value) &&
      BigInt(value) <= 9_007_199_254_740_991n &&
      BigInt(value) >= -9_007_199_254_740_991n
      ? undefined
      : 'Value must be an integer.';
  if (type === 'number_decimal')
    return /^-?\d+(\.\d{1,9})?$/.test(value) ? undefined : 'Value must be a decimal.';
  if (type === 'boolean')
    return value === 'true' || value === 'false' ? undefined : 'Value must be true or false.';
  if (type === 'date_time' || type === 'date')
    return Number.isNaN(Date.parse(value)) ? 'Value must be a date.' : undefined;
  if (type === 'single_line_text_field' && value.includes('\n'))
    return 'Value must be a single line text string.';
  if (type === 'json' || type === 'money' || type === 'rating' || type.startsWith('list.')) {
    try {
      JSON.parse(value);
      return undefined;
    } catch {
      return 'Value is invalid JSON.';
    }
  }
  return undefined;
}
