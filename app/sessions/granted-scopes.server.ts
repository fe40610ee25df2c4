import { sessionStorage } from './session-storage.server.ts';

/** What the shop allows the app, as it said when it last signed in. */
export async function grantedScopes(shopDomain: string): Promise<ReadonlySet<string>> {
  const session = await sessionStorage().loadSession(`offline_${shopDomain}`);
  return new Set(session?.scope?.split(','));
}
