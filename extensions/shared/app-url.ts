declare const require: (module: string) => never;

// Shopify's CLI writes the address in from `.env`. Where it is missing this module cannot be found, so the build fails
// instead of shipping scripts that die in the shopper's browser; where it is there, nothing of this is left.
if (!process.env.APP_URL) require('./APP_URL is not set: add it to .env before building');

/** The app's public address. */
export const appUrl: string = (process.env.APP_URL ?? '').replace(/\/$/, '');
