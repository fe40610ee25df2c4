import type { ShopHealth } from '#proto/admin/v1/health.ts';
import { HEALTH_PROBLEMS } from '#vocabulary/health.ts';
import { coreIsServing } from '../../core-client/clients.server.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import type { MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import type { Problem } from '../../dashboard/problem.ts';
import { env } from '../../env.server.ts';
import { grantedScopes } from '../../sessions/granted-scopes.server.ts';
import { missingScopes } from '../../shopify/scopes.ts';
import type { Incident } from './incident.ts';

export type StatusData =
  | { readonly health: ShopHealth; readonly incident: null; readonly requestId: string }
  | { readonly health: null; readonly incident: Incident; readonly requestId: string };

export async function loadStatus(merchant: MerchantRequest): Promise<StatusData> {
  const [{ health }, granted] = await Promise.all([
    merchant.core.admin.getShopHealth({}),
    grantedScopes(merchant.shopDomain),
  ]);
  if (health === undefined) throw new CoreError('not_found', { field: 'health' });
  return {
    health: withScopesOfNow(health, missingScopes(env().SCOPES, granted)),
    incident: null,
    requestId: merchant.requestId,
  };
}

/** What was granted since the last night is not missing any more. */
export function withScopesOfNow(health: ShopHealth, missing: readonly string[]): ShopHealth {
  const problems = new Set(health.problems);
  if (missing.length > 0) problems.add('scopes_missing');
  else problems.delete('scopes_missing');
  return {
    ...health,
    access: {
      at: health.access?.at ?? '',
      access: health.access?.access ?? '',
      missingTopics: health.access?.missingTopics ?? [],
      missingScopes: [...missing],
    },
    problems: HEALTH_PROBLEMS.filter((problem) => problems.has(problem)),
  };
}

/** Which of the two is down, asked of core itself: the page that says so needs neither. */
export async function statusWhileDown(_request: Request, problem: Problem): Promise<StatusData> {
  const [core, database] = await Promise.all([coreIsServing(), coreIsServing('database')]);
  const incident = !core ? 'core' : !database ? 'database' : 'unclear';
  return { health: null, incident, requestId: problem.requestId };
}
