import type { OutgoingMessage } from '#proto/admin/v1/messages.ts';
import type { Analytics } from '../../analytics/posthog.server.ts';
import type { ShopReference } from '../../jobs/services.ts';
import type { Carrier } from './deliver.server.ts';

const isReferral = (type: string) => type.startsWith('referral_');

/** Product analytics events of messages: kinds alone, never whom they were to. */
export function reportSent(
  analytics: Analytics,
  { merchantId }: ShopReference,
  { messageId, type, language }: OutgoingMessage,
  { provider, channel, isFallback }: Carrier,
): void {
  const properties = { type, channel, provider, language, fallback: isFallback };
  analytics.capture({ merchantId, name: 'notification_sent', properties, id: messageId });
  const more = [
    ...(isReferral(type) ? ['referral_notification_sent'] : []),
    ...(isReferral(type) && isFallback ? ['referral_fallback_triggered'] : []),
    ...(type === 'points_expiring' ? ['expiry_notification_sent'] : []),
  ];
  for (const name of more) analytics.capture({ merchantId, name, properties });
}
