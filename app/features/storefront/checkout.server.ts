import { z } from 'zod';
import type { CheckoutPoints } from './extension-contract.ts';
import { privateJson } from '../../shoppers/proxy-request.server.ts';
import type { StorefrontRequest } from '../../shoppers/proxy-request.server.ts';
import { bodyOf, notAllowed, read } from '../../shoppers/body.server.ts';
import { toWidget } from './widget.server.ts';

/** 250 lines, each with an id and an amount. */
const maxBodyBytes = 32 * 1024;

const goods = z.object({
  lines: z
    .array(
      z.object({
        product_id: z.string().regex(/^\d{1,20}$/),
        subtotal: z.string().regex(/^\d{1,12}(\.\d{1,4})?$/),
      }),
    )
    .max(250),
  currency: z.string().regex(/^[A-Z]{3}$/),
  country: z
    .string()
    .regex(/^([A-Z]{2})?$/)
    .default(''),
});

/** What an order would earn, by the rules that will award it, and the signed-in customer's balance. */
export async function answerCheckout({
  request,
  url,
  shopifyCustomerId,
  core,
}: StorefrontRequest): Promise<Response> {
  if (request.method !== 'POST') return notAllowed('POST');
  const { lines, currency, country } = read(goods, await bodyOf(request, maxBodyBytes));
  const [view, quote] = await Promise.all([
    core.frontend.getWidget({ locale: url.searchParams.get('locale') ?? '' }),
    core.points.calculateDynamicPoints({
      lines: lines.map(({ product_id: productId, subtotal }) => ({ productId, subtotal })),
      country,
    }),
  ]);
  // The checkout shows no pictures.
  const widget = toWidget(view, '');
  // Points are for the shop's own money; what another currency will be worth in it is known when it is paid.
  const isKnown = quote.currency === currency;
  return privateJson({
    shown: view.showsPointsAtCheckout && widget.program.active,
    customer: widget.customer,
    signed_in: shopifyCustomerId !== '',
    points_name: widget.points_name,
    earn: isKnown ? { points: quote.points, multiplier: quote.multiplier } : null,
    needs_account: quote.reason === 'no_account',
    rewards: widget.rewards.length,
  } satisfies CheckoutPoints);
}
