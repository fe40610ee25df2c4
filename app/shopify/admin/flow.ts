import { z } from 'zod';
import type { AdminDocument } from '../admin-client.server.ts';
import { userErrors } from './user-errors.ts';

const data = z.object({ flowTriggerReceive: z.object({ userErrors }).nullish() });

/** Starts the workflows of Shopify Flow that begin with one of our triggers. */
export const receiveFlowTrigger: AdminDocument<
  z.output<typeof data>,
  { readonly handle: string; readonly payload: Readonly<Record<string, unknown>> }
> = {
  name: 'receiveFlowTrigger',
  query: `#graphql
    mutation receiveFlowTrigger($handle: String, $payload: JSON) {
      flowTriggerReceive(handle: $handle, payload: $payload) { userErrors { field message } }
    }`,
  data,
  cost: 10,
};
