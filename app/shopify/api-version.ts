/** The one version of Shopify's Admin API that everything here speaks; `shopify.app.toml` names the same. */
export const adminApiVersion = '2026-10';
