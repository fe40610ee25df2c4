/**
 * Currencies of which a dollar is about ten, a hundred and so on; of all others it is about one. Rules that name an
 * amount of dollars ("more than $10,000 in all") would call every member of a shop in yen a big spender. Orders
 * themselves need no rate: Shopify states every one of them in the shop's own currency.
 */
const units: Readonly<Record<string, readonly string[]>> = {
  10: 'AED BRL CNY CZK DKK HKD ILS MAD MXN MYR NOK PEN PLN QAR RON SAR SEK TWD ZAR'.split(' '),
  100: 'BDT EGP INR ISK JPY KES LKR NPR PHP PKR RSD RUB THB TRY UAH'.split(' '),
  1000: 'ARS CLP CRC HUF KRW MMK NGN TZS XAF XOF'.split(' '),
  10000: 'COP IDR KHR LAK MNT PYG UGX UZS VND'.split(' '),
};

/** What about a dollar is in a currency, in whole units of it. */
export function dollarIn(currency: string): bigint {
  const found = Object.entries(units).find(([, currencies]) => currencies.includes(currency));
  return BigInt(found?.[0] ?? 1);
}
