import type { Participation, PreviewExclusionsResponse } from '#proto/admin/v1/participation.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { log } from '../../log.server.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import type { Refusal } from '../../dashboard/refusal.ts';
import { revisionOf } from '../../dashboard/revision.server.ts';
import { parseParticipants } from './participants.schema.ts';

export interface ParticipantsData {
  readonly participation: Participation;
}

export async function loadParticipants({ core }: MerchantRequest): Promise<ParticipantsData> {
  const { participation } = await core.admin.getParticipation({});
  if (participation === undefined) throw new CoreError('not_found', { field: 'participation' });
  return { participation };
}

/** Saves the form over the revision that it was opened with. */
export async function saveParticipants(
  merchant: MerchantRequest,
  form: FormData,
): Promise<{ ok: true } | Refusal> {
  const parsed = parseParticipants(form.getAll('tag'), form.get('companies'));
  if ('fields' in parsed) return refused(merchant, parsed.fields);
  await merchant.core.admin.updateParticipation({
    participation: { ...parsed, revision: revisionOf(form) },
  });
  return { ok: true };
}

export interface PreviewData {
  /** Absent when the form is not valid, or core does not answer: the form stays either way. */
  readonly preview?: PreviewExclusionsResponse;
}

/** Whom the form in the address would exclude. */
export async function previewParticipants({ core, url }: MerchantRequest): Promise<PreviewData> {
  const { searchParams } = url;
  const parsed = parseParticipants(searchParams.getAll('tag'), searchParams.get('companies'));
  if ('fields' in parsed) return {};
  try {
    return { preview: await core.admin.previewExclusions({ participation: parsed }) };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    log().warn({ err: error }, 'exclusions could not be previewed');
    return {};
  }
}
