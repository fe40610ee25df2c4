import type { FrontendServiceImplementation } from '#proto/frontend/v1/frontend.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { tenantOf, type CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { invalidInput } from '../shared/errors.ts';
import { picturesInUse } from './pictures.store.ts';
import { contentVersions, readContent, restoreContent, updateContent } from './content.store.ts';

type Methods = Pick<
  FrontendServiceImplementation<CallerContext>,
  'getContent' | 'updateContent' | 'restoreContent' | 'listPictures'
>;

/** What the shop's staff write for the storefront, and its past versions. */
export function contentMethods({ pool }: Pick<CoreDependencies, 'pool'>): Methods {
  return {
    getContent: (_request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const { content, version, defaultLanguage } = await readContent(client, tenantOf(context));
        const versions = await contentVersions.list(client, tenantOf(context));
        return { content, version, versions, defaultLanguage };
      }),

    async updateContent(request, context) {
      const { content, version } = request;
      if (content === undefined) throw invalidInput('content', 'is missing');
      const edit = { actor: context.caller.actor, version };
      return withTenant(pool, tenantOf(context), (client) =>
        updateContent(client, tenantOf(context), edit, content),
      );
    },

    restoreContent: (request, context) =>
      withTenant(pool, tenantOf(context), (client) =>
        restoreContent(
          client,
          tenantOf(context),
          { actor: context.caller.actor, version: request.currentVersion },
          request.version,
        ),
      ),

    listPictures: (_request, context) =>
      withTenant(pool, tenantOf(context), async (client) => ({
        pictures: await picturesInUse(client, tenantOf(context)),
      })),
  };
}
