import { z } from 'zod';
import { Problem } from './process.ts';
import type { ShopAddress } from './services.ts';

/** What a browser needs to reach the shop and the app. */
export interface ShopEndpoints {
  readonly shop: Pick<ShopAddress, 'shell' | 'control'>;
  /** Where the browser finds the app. */
  readonly appUrl: string;
}

const launchAnswer = z.object({ url: z.url() });
/** Shopify's library answers bots with an empty page. */
const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux) Chrome/140 LoyalNest' };

/**
 * Opens LoyalNest as the shop's admin does, with a signed link. Opening it installs the app: it exchanges the
 * session token for access to the shop and starts its first sync.
 */
export async function openAppInAdmin({ shop, appUrl }: ShopEndpoints): Promise<Response> {
  const query = new URLSearchParams({ path: '/app', locale: 'en', origin: appUrl });
  const launch = await fetch(`${shop.shell}/_shell/launch?${query}`);
  const { url } = launchAnswer.parse(await launch.json());
  const page = await fetch(url, { headers: browser });
  await page.arrayBuffer();
  return page;
}

/** Does something to the shop by the emulator's control API. */
export async function control<Answer>(
  { shop }: Pick<ShopEndpoints, 'shop'>,
  verb: string,
  body: Record<string, unknown>,
  answer: z.ZodType<Answer>,
): Promise<Answer> {
  const response = await fetch(`${shop.control}/${verb}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Problem(`The shop refused ${verb} (${response.status}): ${text}`);
  return answer.parse(JSON.parse(text));
}

/**
 * What a route of the dashboard answers, signed in as the shop's staff: a page as HTML, a route without a page as JSON.
 * With a form it is sent there.
 */
export async function askDashboard(
  { shop, appUrl }: ShopEndpoints,
  path: string,
  form?: Readonly<Record<string, string>>,
): Promise<string> {
  const token = await (await fetch(`${shop.shell}/_shell/id_token`)).text();
  const response = await fetch(new URL(path, appUrl), {
    headers: { ...browser, authorization: `Bearer ${token.trim()}` },
    ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Problem(`${path} answered ${response.status}: ${text.slice(0, 300)}`);
  return text;
}
