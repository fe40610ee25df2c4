import { z } from 'zod';
import type { AdminDocument } from '../admin-client.server.ts';

const shopProfileData = z.object({
  shop: z.object({
    name: z.string(),
    currencyCode: z.string(),
    ianaTimezone: z.string(),
    plan: z.object({ partnerDevelopment: z.boolean() }),
  }),
});

export const shopProfile: AdminDocument<z.output<typeof shopProfileData>, Record<string, never>> = {
  name: 'ShopProfile',
  cost: 2,
  data: shopProfileData,
  query: `#graphql
    query ShopProfile {
      shop {
        name
        currencyCode
        ianaTimezone
        plan { partnerDevelopment }
      }
    }`,
};
