import { GetWidgetResponse } from '#proto/frontend/v1/frontend.ts';
import { Entry } from '#proto/points/v1/points.ts';
import type { CoreClients } from '../../core-client/clients.server.ts';
import { picturesAddress } from '../../files/pictures.ts';
import { LANGUAGES, type Language } from '../../i18n/languages.ts';
import type { Widget } from './widget-contract.ts';
import { toWidget } from './widget.server.ts';

/** The widget's data in a language, for a guest and for a sample member. */
export interface WidgetSample {
  readonly guest: Widget;
  readonly member: Widget;
}

interface Tenant {
  readonly core: Pick<CoreClients, 'frontend'>;
  readonly merchantId: string;
}

/** The shop's program as shoppers would see it now, in each language. */
export async function widgetSamples(
  { core: { frontend }, merchantId }: Tenant,
  now = new Date(),
): Promise<Record<Language, WidgetSample>> {
  const pictures = picturesAddress(merchantId);
  const samples = await Promise.all(
    LANGUAGES.map(async (language) => {
      const guest = await frontend.getWidget({ locale: language });
      const member = sampleMemberOf(guest, now);
      return [
        language,
        { guest: toWidget(guest, pictures), member: toWidget(member, pictures) },
      ] as const;
    }),
  );
  return Object.fromEntries(samples) as Record<Language, WidgetSample>;
}

const BALANCE = 1_250;
const ORDER = '50.00';

/** The same shop for a member who just placed an order and is in the first tier. */
export function sampleMemberOf(guest: GetWidgetResponse, now: Date): GetWidgetResponse {
  const { points: each = 10, per = 1 } = guest.quote?.points ? guest.quote : {};
  const rate = per === 1 ? String(each) : `${each}/${per}`;
  const points = Math.floor((Number(ORDER) * each) / per);
  const order = Entry.fromPartial({
    transactionId: 'preview',
    type: 'earn',
    points,
    balanceAfter: BALANCE,
    occurredAt: now.toISOString(),
    orderName: '#1001',
    explanation: {
      reasonCode: 'order_paid',
      base: { amount: ORDER, currency: guest.currency },
      rate,
    },
  });
  const [first] = guest.tiers;
  return GetWidgetResponse.fromPartial({
    ...guest,
    balance: { balance: BALANCE, available: BALANCE },
    firstName: 'Ada',
    recent: [order],
    signupDone: true,
    earnActions: guest.earnActions.map((action) =>
      action.action === 'signup' ? { ...action, isDone: true } : action,
    ),
    standing: first && { tierId: first.tierId, spend: '50.00', points: BALANCE },
  });
}
