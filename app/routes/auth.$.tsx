import type { LoaderFunctionArgs } from '@remix-run/node';
import { authenticateStaff } from '../shopify.server.ts';

/** Shopify's library answers its own pages here: the session-token bounce page and the way out of the frame. */
export const loader = async ({ request }: LoaderFunctionArgs) => {
  try {
    await authenticateStaff(request);
  } catch (answer) {
    if (answer instanceof Response) throw answer;
    // What the library throws here is caused by the URL: an exit from the frame to another site.
    throw new Response(null, { status: 400 });
  }
  return null;
};
