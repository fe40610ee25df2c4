/** gid://shopify/Customer/12?x=y is 12. */
export function numericId(gid: string): string {
  const digits = /\/(\d+)(?:\?.*)?$/.exec(gid)?.[1];
  if (digits === undefined) throw new RangeError('not an id of Shopify');
  return digits;
}

export function customerGid(shopifyCustomerId: string): string {
  return `gid://shopify/Customer/${shopifyCustomerId}`;
}

export function orderGid(orderId: string): string {
  return `gid://shopify/Order/${orderId}`;
}

export function collectionGid(collectionId: string): string {
  return `gid://shopify/Collection/${collectionId}`;
}

export function variantGid(variantId: string): string {
  return `gid://shopify/ProductVariant/${variantId}`;
}
