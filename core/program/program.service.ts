import type { PointsServiceImplementation } from '#proto/points/v1/points.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { tenantOf, type CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { invalidInput } from '../shared/errors.ts';
import { toProgramMessage } from './program.rules.ts';
import { programVersions, readProgram, restoreProgram, updateProgram } from './program.store.ts';

type Methods = Pick<
  PointsServiceImplementation<CallerContext>,
  'getPointsProgram' | 'updatePointsProgram' | 'listProgramVersions' | 'restoreProgram'
>;

/** The rules of the program and their past versions. */
export function programMethods({ pool, clock }: CoreDependencies): Methods {
  return {
    async getPointsProgram(_request, context) {
      const stored = await withTenant(pool, tenantOf(context), (client) =>
        readProgram(client, tenantOf(context)),
      );
      return {
        program: toProgramMessage(stored.program, stored.updatedAt),
        currency: stored.currency,
      };
    },

    async updatePointsProgram(request, context) {
      if (!request.program) throw invalidInput('program', 'is missing');
      const { program: message } = request;
      const stored = await withTenant(pool, tenantOf(context), (client) =>
        updateProgram(client, tenantOf(context), context.caller.actor, message, clock()),
      );
      return { program: toProgramMessage(stored.program, stored.updatedAt) };
    },

    listProgramVersions: (_request, context) =>
      withTenant(pool, tenantOf(context), async (client) => ({
        versions: await programVersions.list(client, tenantOf(context)),
      })),

    restoreProgram: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const { version } = await restoreProgram(client, tenantOf(context), context.caller.actor, {
          version: request.version,
          opened: request.currentVersion,
        });
        return { version };
      }),
  };
}
