// Money is kept as whole minor units (cents) of one currency; decimals exist only at the edges.

const EXPONENTS: Readonly<Record<string, number>> = {
  JPY: 0,
  KRW: 0,
  CLP: 0,
  VND: 0,
  ISK: 0,
  UGX: 0,
  XAF: 0,
  XOF: 0,
  KWD: 3,
  BHD: 3,
  JOD: 3,
  OMR: 3,
  TND: 3,
};

/** How many decimals a currency has (ISO 4217). */
export const exponentOf = (currency: string): number => EXPONENTS[currency] ?? 2;

/** Reads a decimal amount ("12.50" or 12.5) as minor units. Throws on anything that is not a number of that currency. */
export function toMinor(amount: string | number, currency: string): number {
  const exponent = exponentOf(currency);
  const text = typeof amount === 'number' ? amount.toFixed(exponent) : amount.trim();
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new RangeError(`"${text}" is not an amount of money`);
  const [, sign = '', whole = '0', fraction = ''] = match;
  if (fraction.slice(exponent).replace(/0/g, '') !== '')
    throw new RangeError(`"${text}" has more decimals than ${currency} knows`);
  const minor = Number(whole + fraction.slice(0, exponent).padEnd(exponent, '0'));
  if (!Number.isSafeInteger(minor))
    throw new RangeError(`"${text}" is more money than a shop can count`);
  return sign ? -minor : minor;
}

/** Writes minor units as the decimal string Shopify sends ("12.50"). */
export function toDecimal(minor: number, currency: string): string {
  const exponent = exponentOf(currency);
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  const text = exponent === 0 ? digits : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
  return minor < 0 ? `-${text}` : text;
}

/** Converts minor units of one currency to another; `rate` is how many units of `to` one unit of `from` buys. Rounds half away from zero. */
export function convert(minor: number, from: string, to: string, rate: number): number {
  if (from === to) return minor;
  const value = (minor * rate * 10 ** exponentOf(to)) / 10 ** exponentOf(from);
  return Math.sign(value) * Math.round(Math.abs(value));
}

/** Fixed exchange rates of the emulator: one US dollar in each currency. */
const PER_DOLLAR: Readonly<Record<string, number>> = {
  USD: 1,
  EUR: 0.92,
  GBP: 0.79,
  CAD: 1.36,
  AUD: 1.5,
  MXN: 18.2,
  JPY: 150,
  CHF: 0.88,
  BRL: 5.4,
  KRW: 1_400,
  IDR: 16_000,
  VND: 26_000,
  INR: 85,
  KWD: 0.3,
  BHD: 0.4,
};

export const knowsCurrency = (currency: string): boolean => currency in PER_DOLLAR;

/** How many units of `to` one unit of `from` buys. */
export function exchangeRate(from: string, to: string): number {
  if (from === to) return 1;
  const a = PER_DOLLAR[from],
    b = PER_DOLLAR[to];
  if (a === undefined || b === undefined)
    throw new RangeError(`no exchange rate from ${from} to ${to}; give exchange_rate`);
  return b / a;
}
