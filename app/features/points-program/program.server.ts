import type { ProgramVersion } from '#proto/points/v1/earning.ts';
import type { PointsProgram } from '#proto/points/v1/points.ts';
import { analytics } from '../../analytics/posthog.server.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import type { Refusal } from '../../dashboard/refusal.ts';
import { revisionOf } from '../../dashboard/revision.server.ts';
import { languageOf } from '../../i18n/i18next.server.ts';
import { switchProgram } from '../../dashboard/program-switch.server.ts';
import { wordsIn } from '../../dashboard/localized.ts';
import { parseProgramForm } from './program.schema.ts';
import { WAYS, type Way } from './way-names.ts';

export interface ProgramData {
  readonly program: PointsProgram;
  readonly currency: string;
  /** Newest first. */
  readonly versions: readonly ProgramVersion[];
  /** Lowest first, in the reader's language where the shop has words in it. */
  readonly tiers: readonly { readonly tierId: string; readonly name: string }[];
}

export interface EarningData extends ProgramData {
  readonly way: Way;
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
    name: wordsIn(names, language),
  }));
  return { program, currency, versions, tiers };
}

/** @throws CoreError not_found for a way to earn that does not exist */
export async function loadWay(merchant: MerchantRequest): Promise<EarningData> {
  const way = WAYS.find((one) => one === merchant.params['way']);
  if (way === undefined) throw new CoreError('not_found', { field: 'way' });
  return { ...(await loadProgram(merchant)), way };
}

/** What the list of the program does itself: the switch, and restoring an earlier version. */
export async function changeProgram(
  merchant: MerchantRequest,
  form: FormData,
): Promise<{ ok: true } | Refusal> {
  const intent = form.get('intent');
  if (intent === 'restore') return restoreProgram(merchant, form);
  if (intent !== 'turn_on' && intent !== 'turn_off') return refused(merchant, {});
  await switchProgram(merchant, intent === 'turn_on');
  return { ok: true };
}

/** Saves the form of one of the program's pages: all rules, over the version that it was opened with. */
export async function saveProgram(merchant: MerchantRequest, form: FormData): Promise<Saved> {
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
