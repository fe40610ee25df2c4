/** The app's public address. Written in when the extension is bundled, by Shopify's CLI and by our own build. */
export const appUrl: string = (process.env.APP_URL ?? '').replace(/\/$/, '');
