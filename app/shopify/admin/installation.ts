import { z } from 'zod';
import type { AdminDocument } from '../admin-client.server.ts';

const installationData = z.object({ currentAppInstallation: z.object({ id: z.string() }) });

/** The owner of what the app keeps for its own theme blocks. */
export const appInstallation: AdminDocument<
  z.output<typeof installationData>,
  Record<string, never>
> = {
  name: 'AppInstallation',
  cost: 1,
  data: installationData,
  query: `#graphql
    query AppInstallation {
      currentAppInstallation {
        id
      }
    }`,
};
