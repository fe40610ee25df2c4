/** What the application needs to read its environment, with nothing to reach behind it; silent. */
export function pretendEnvironment(more: Readonly<Record<string, string>> = {}): void {
  Object.assign(process.env, {
    LOG_LEVEL: 'silent',
    DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
    CORE_SIGNING_KEY: 'a-signing-key-of-some-length',
    ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
    SHOPIFY_API_KEY: 'client-id',
    SHOPIFY_API_SECRET: 'a-secret-of-some-length',
    SHOPIFY_APP_URL: 'http://localhost:3000',
    ...more,
  });
}
