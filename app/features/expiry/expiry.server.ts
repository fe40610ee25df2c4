import type { ExpiringMember, GetExpiryForecastResponse } from '#proto/points/v1/expiry.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import type { ExpiryAction } from './expiry-action.ts';
import { parseExpiryForm, parseExpiryQuery } from './expiry.schema.ts';

const MEMBERS_PER_PAGE = 20;

export interface ExpiryData {
  readonly forecast: GetExpiryForecastResponse;
  /** The month shown; empty when nothing expires. */
  readonly month: string;
  readonly members: readonly ExpiringMember[];
  readonly nextCursor: string;
}

export async function loadExpiry({ core, url }: MerchantRequest): Promise<ExpiryData> {
  const asked = parseExpiryQuery(url.searchParams);
  const forecast = await core.points.getExpiryForecast({});
  const months = forecast.months.map(({ month }) => month);
  const month = months.includes(asked.month) ? asked.month : (months[0] ?? '');
  if (month === '') return { forecast, month, members: [], nextCursor: '' };
  const { members, page } = await core.points.listExpiringMembers({
    month,
    page: { pageSize: MEMBERS_PER_PAGE, cursor: month === asked.month ? asked.cursor : '' },
  });
  return { forecast, month, members, nextCursor: page?.nextCursor ?? '' };
}

/** Extends all points that expire in a month, or undoes an extension. */
export async function changeExpiry(
  merchant: MerchantRequest,
  form: FormData,
): Promise<ExpiryAction> {
  const { points } = merchant.core;
  const parsed = parseExpiryForm(form);
  if ('fields' in parsed) return refused(merchant, parsed.fields);
  const asked = parsed.form;
  const { extension } =
    asked.intent === 'undo'
      ? await points.undoExpiryExtension({ extensionId: asked.extensionId })
      : await points.extendExpiry({
          month: asked.month,
          days: asked.days,
          idempotencyKey: `extend/${asked.key}`,
        });
  return {
    ok: true,
    intent: asked.intent,
    members: extension?.members ?? 0,
    points: extension?.points ?? 0,
  };
}
