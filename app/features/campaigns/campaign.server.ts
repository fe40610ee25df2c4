import { redirect } from '@remix-run/node';
import type { Campaign, PreviewCampaignResponse } from '#proto/points/v1/campaigns.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import {
  problemOf,
  refused,
  type MerchantRequest,
} from '../../dashboard/merchant-request.server.ts';
import type { Refusal } from '../../dashboard/refusal.ts';
import { revisionOf } from '../../dashboard/revision.server.ts';
import { fieldsOfRefusal, parseCampaignForm } from './campaign.schema.ts';

export interface Tier {
  readonly tierId: string;
  readonly names: Readonly<Record<string, string>>;
}

export interface CampaignData {
  /** Absent for a new one. */
  readonly campaign: Campaign | undefined;
  /** The one that a new one is made after. */
  readonly original: Campaign | undefined;
  readonly tiers: readonly Tier[];
  readonly wasCreated: boolean;
}

/** The id in the URL of a campaign that does not exist yet. */
const NEW = 'new';

export async function loadCampaign({ core, params, url }: MerchantRequest): Promise<CampaignData> {
  const read = async (campaignId: string) =>
    (await core.points.getCampaign({ campaignId: idOf(campaignId) })).campaign;
  const id = params['id'] ?? '';
  const copied = url.searchParams.get('copy') ?? '';
  const [campaign, original, { published }] = await Promise.all([
    id === NEW ? undefined : read(id),
    id === NEW && copied !== '' ? read(copied) : undefined,
    core.points.getVipTiers({}),
  ]);
  return {
    campaign,
    original,
    tiers: (published?.tiers ?? []).map(({ tierId, names }) => ({ tierId, names })),
    wasCreated: id !== NEW && url.searchParams.has('created'),
  };
}

/** A malformed id is answered 404, like an unknown one. */
function idOf(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text))
    throw new CoreError('not_found', { field: 'campaign_id' });
  return text;
}

/** Saves the form, or ends the campaign. A new one is shown at its own address from then on. */
export async function changeCampaign(
  merchant: MerchantRequest,
  form: FormData,
): Promise<{ ok: true; intent: 'save' | 'end' } | Refusal> {
  const { core, params } = merchant;
  const id = params['id'] ?? '';
  if (form.get('intent') === 'end') {
    await core.points.cancelCampaign({ campaignId: idOf(id) });
    return { ok: true, intent: 'end' };
  }
  const parsed = parseCampaignForm(form);
  if ('fields' in parsed) return refused(merchant, parsed.fields);
  try {
    if (id !== NEW) {
      await core.points.updateCampaign({
        campaignId: idOf(id),
        campaign: parsed.draft,
        revision: revisionOf(form),
      });
      return { ok: true, intent: 'save' };
    }
    const key = form.get('key');
    const { campaign } = await core.points.createCampaign({
      campaign: parsed.draft,
      idempotencyKey:
        typeof key === 'string' && key !== '' ? key.slice(0, 100) : merchant.requestId,
    });
    const itsPage: Response = redirect(`/app/campaigns/${campaign?.campaignId ?? ''}?created`);
    throw itsPage;
  } catch (error) {
    if (!(error instanceof CoreError) || error.code !== 'invalid_input') throw error;
    const problem = problemOf(error, merchant.requestId);
    return { ok: false, problem, fields: fieldsOfRefusal(error.field) };
  }
}

export interface PreviewData {
  /** Absent while the form is not right. */
  readonly preview: PreviewCampaignResponse | undefined;
  readonly isUnavailable: boolean;
}

/** What the form in the address would have cost last month. Asked for while it is typed, so a failure is an answer. */
export async function previewCampaign({ core, url }: MerchantRequest): Promise<PreviewData> {
  // No name is needed to count.
  const fields = new URLSearchParams(url.searchParams);
  fields.set('name', '…');
  for (const name of ['nameEs', 'nameFr']) fields.delete(name);
  const parsed = parseCampaignForm(fields);
  if ('fields' in parsed) return { preview: undefined, isUnavailable: false };
  try {
    const preview = await core.points.previewCampaign({ campaign: parsed.draft });
    return { preview, isUnavailable: false };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    const isTheForm = error.code === 'invalid_input' || error.code === 'not_found';
    return { preview: undefined, isUnavailable: !isTheForm };
  }
}
