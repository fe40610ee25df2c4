import type { PlanUsage } from '#proto/admin/v1/plan.ts';
import { env } from '../env.server.ts';
import type { MerchantRequest } from './merchant-request.server.ts';

export interface Plan {
  readonly usage: PlanUsage | undefined;
  /** Shopify's own page of the app's plans: it bills, we do not. */
  readonly plansUrl: string;
}

export async function loadPlan({ core, shopDomain }: MerchantRequest): Promise<Plan> {
  const { usage } = await core.admin.getPlanUsage({});
  const store = encodeURIComponent(shopDomain.replace(/\.myshopify\.com$/, ''));
  return {
    usage,
    plansUrl: `https://admin.shopify.com/store/${store}/charges/${env().SHOPIFY_APP_HANDLE}/pricing_plans`,
  };
}
