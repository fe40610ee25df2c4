import type { PoolClient } from 'pg';
import type { Participation as ParticipationMessage } from '#proto/admin/v1/participation.ts';
import { asTenant } from '../call/as-tenant.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { AdminMethods } from '../call/methods.ts';
import { decryptMember } from '../members/customer-encryption.ts';
import { participationJson, tagKeys, type Participation } from '../members/participation.rules.ts';
import {
  previewExclusions,
  readParticipation,
  reviewExcluded,
  saveParticipation,
} from '../members/participation.store.ts';
import { writeAudit } from '../shared/audit.store.ts';
import { stepOfEdit } from '../shared/edits.ts';
import { invalidInput } from '../shared/errors.ts';
import { revisionOf } from '../shared/revision.rules.ts';
import { lockTenant } from '../shared/tenant-lock.store.ts';

type Methods = AdminMethods<'getParticipation' | 'updateParticipation' | 'previewExclusions'>;

/** Customers of a preview who are named. */
const namedInPreview = 10;

/** Whom the program excludes, and whom it would exclude by other settings. */
export function participationMethods({
  pool,
  encryption,
}: Pick<CoreDependencies, 'pool' | 'encryption'>): Methods {
  return {
    getParticipation: (_request, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        participation: toMessage(await readParticipation(client, merchantId)),
      })),

    updateParticipation: ({ participation }, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const { revision } = required(participation);
        const wanted = wantedOf(participation);
        await update(client, merchantId, context.caller.actor, wanted, revision);
        return { participation: toMessage(wanted) };
      }),

    previewExclusions: ({ participation }, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const wanted = wantedOf(participation);
        const rows = await previewExclusions(client, merchantId, wanted, namedInPreview);
        return {
          customers: rows[0]?.customers ?? 0,
          points: rows[0]?.points ?? 0,
          first: rows.map((row) => ({
            customerId: row.customer_id,
            balance: row.balance,
            ...decryptMember(encryption, merchantId, row.customer_id, row),
          })),
        };
      }),
  };
}

function required(message: ParticipationMessage | undefined): ParticipationMessage {
  if (message === undefined) throw invalidInput('participation', 'is missing');
  return message;
}

function wantedOf(message: ParticipationMessage | undefined): Participation {
  const { excludedTags, excludesCompanies } = required(message);
  return { excludedTags: tagKeys(excludedTags), excludesCompanies };
}

const toMessage = (participation: Participation): ParticipationMessage => ({
  excludedTags: [...participation.excludedTags],
  excludesCompanies: participation.excludesCompanies,
  revision: revisionOf(participationJson(participation)),
});

async function update(
  client: PoolClient,
  merchantId: string,
  actor: string,
  wanted: Participation,
  opened: string,
): Promise<void> {
  await lockTenant(client, merchantId);
  const before = await readParticipation(client, merchantId);
  const step = stepOfEdit({
    opened,
    current: revisionOf(participationJson(before)),
    wanted: revisionOf(participationJson(wanted)),
  });
  if (step === 'saved') return;
  await saveParticipation(client, merchantId, wanted);
  await reviewExcluded(client, merchantId, before);
  await writeAudit(client, merchantId, {
    actor,
    action: 'participation_updated',
    targetTable: 'program_settings',
    targetId: merchantId,
    metadata: { tags: wanted.excludedTags.length, companies: wanted.excludesCompanies },
  });
}
