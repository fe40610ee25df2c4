import type { MessageType } from '#vocabulary/messages.ts';
import { asTenant } from '../call/as-tenant.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { AdminMethods } from '../call/methods.ts';
import { invalidInput } from '../shared/errors.ts';
import { readTemplate, readTemplates, resetTemplate, updateTemplate } from './templates.store.ts';

type Methods = AdminMethods<
  | 'listMessageTemplates'
  | 'getMessageTemplate'
  | 'updateNotificationTemplate'
  | 'resetMessageTemplate'
>;

/** What the shop writes to its members, type by type. Requests are checked: a type is one of ours. */
export function templateMethods({ pool }: Pick<CoreDependencies, 'pool'>): Methods {
  return {
    listMessageTemplates: (_request, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        templates: await readTemplates(client, merchantId),
      })),

    getMessageTemplate: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        template: await readTemplate(client, merchantId, request.type as MessageType),
      })),

    async updateNotificationTemplate(request, context) {
      const { template } = request;
      if (template === undefined) throw invalidInput('template', 'is missing');
      const { version } = template;
      const type = template.type as MessageType;
      const { actor } = context.caller;
      return asTenant(pool, context, async (client, merchantId) => ({
        template: await updateTemplate(client, merchantId, { actor, type, version }, template),
      }));
    },

    resetMessageTemplate: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        template: await resetTemplate(
          client,
          merchantId,
          {
            actor: context.caller.actor,
            type: request.type as MessageType,
            version: request.version,
          },
          request.language,
        ),
      })),
  };
}
