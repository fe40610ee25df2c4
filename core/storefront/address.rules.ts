/** An https address or a path of the shop: what a shopper may be led to, or shown a picture from; empty for all else. */
export function addressOf(value: unknown): string {
  const address = typeof value === 'string' ? value.trim() : '';
  if (/^\/(?![/\\])/.test(address)) return address;
  return /^https:\/\/[^\s"'<>\\]+$/i.test(address) ? address : '';
}
