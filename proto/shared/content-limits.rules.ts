/** Characters of what a shop's staff write: longer texts would be cut off, or push aside what is beside them. */
export const TEXT_LIMITS = {
  launcher: 24,
  welcome: 200,
  stickyBar: 120,
  pageTitle: 60,
  postPurchase: 200,
  address: 500,
} as const;
