import type { ProgramVersion } from '#proto/points/v1/earning.ts';
import type { PointsProgram } from '#proto/points/v1/points.ts';
import { analytics } from '../../analytics/posthog.server.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import type { Refusal } from '../../dashboard/refusal.ts';
import { revisionOf } from '../../dashboard/revision.server.ts';
import { languageOf } from '../../i18n/i18next.server.ts';
import { parseProgramForm } from './program.schema.ts';

export interface ProgramData {
  readonly program: PointsProgram;
  readonly currency: string;
  /** Newest first. */
  readonly versions: readonly ProgramVersion[];
  /** Lowest first, in the reader's language where the shop has words in it. */
  readonly tiers: readonly { readonly tierId: string; readonly name: string }[];
}

type Saved = { ok: true; version: number } | Refusal;

export async function loadProgram({ core, request }: MerchantRequest): Promise<ProgramData> {
  const [{ program, currency }, { versions }, { published }] = await Promise.all([
    core.points.getPointsProgram({}),
    core.points.listProgramVersions({}),
    core.points.getVipTiers({}),
  ]);
  if (program === undefined) throw new CoreError('not_found', { field: 'program' });
  const language = await languageOf(request);
  const tiers = (published?.tiers ?? []).map(({ tierId, names }) => ({
    tierId,
    name: names[language] ?? names['en'] ?? Object.values(names)[0] ?? '',
  }));
  return { program, currency, versions, tiers };
}

export async function saveProgram(merchant: MerchantRequest, form: FormData): Promise<Saved> {
  if (form.get('intent') === 'restore') return restoreProgram(merchant, form);
  const parsed = parseProgramForm(form);
  if ('fields' in parsed) return refused(merchant, parsed.fields);
  const version = Number(revisionOf(form));
  if (!Number.isSafeInteger(version) || version < 0) return refused(merchant, {});
  const { program } = await merchant.core.points.updatePointsProgram({
    program: { ...parsed.program, version },
  });
  analytics().capture({
    merchantId: merchant.merchantId,
    name: 'points_configured',
    properties: { active: parsed.program.active, version: program?.version ?? 0 },
  });
  return { ok: true, version: program?.version ?? 0 };
}

async function restoreProgram(merchant: MerchantRequest, form: FormData): Promise<Saved> {
  const version = Number(form.get('version'));
  if (!Number.isSafeInteger(version) || version < 1) return refused(merchant, {});
  const currentVersion = Number(form.get('currentVersion') ?? 0);
  if (!Number.isSafeInteger(currentVersion) || currentVersion < 0) return refused(merchant, {});
  const restored = await merchant.core.points.restoreProgram({ version, currentVersion });
  return { ok: true, version: restored.version };
}
