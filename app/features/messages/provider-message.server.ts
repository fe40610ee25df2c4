import type { OutgoingMessage } from '#proto/admin/v1/messages.ts';
import { FALLBACK_LANGUAGE, LANGUAGES } from '../../i18n/languages.ts';
import type { Messaging, ShopReference } from '../../jobs/services.ts';
import type { ProviderMessage } from '../../messaging/providers/provider.ts';
import type { MessageShop } from '../../messaging/render/message.ts';
import { renderMessage } from '../../messaging/render/render-message.ts';
import { contentIn } from '../../messaging/render/words-of.ts';
import { MESSAGE_TYPES, type MessageChannel } from '#vocabulary/messages.ts';

/** A message in words, as its reader gets it. */
export async function providerMessage(
  shop: ShopReference,
  message: OutgoingMessage,
  channel: MessageChannel,
  to: { readonly email: string; readonly phone: string },
  { appUrl }: Pick<Messaging, 'appUrl'>,
): Promise<ProviderMessage> {
  const type = MESSAGE_TYPES.find((one) => one === message.type);
  if (type === undefined) throw new RangeError('a message of a type that is not known');
  const language = LANGUAGES.find((one) => one === message.language) ?? FALLBACK_LANGUAGE;
  const unsubscribeUrl = `${appUrl}/unsubscribe/${message.unsubscribeToken}`;
  const { subject, html, text } = await renderMessage({
    type,
    channel,
    language,
    content: contentIn(message.template ?? { contents: [] }, type, language),
    variables: message.variables,
    shop: shopOf(shop, message, appUrl),
    unsubscribeUrl,
  });
  return {
    id: message.messageId,
    type,
    channel,
    language,
    email: to.email,
    phone: to.phone,
    senderName: message.senderName,
    replyTo: message.replyTo,
    subject,
    html,
    text,
    unsubscribeUrl,
    reportUrl: appUrl.startsWith('https://') ? `${appUrl}/reports/twilio/${shop.merchantId}` : '',
    variables: message.variables,
  };
}

/** What every message of the shop needs of it. */
const shopOf = (
  { merchantId }: ShopReference,
  message: OutgoingMessage,
  appUrl: string,
): MessageShop => ({
  name: message.shopName,
  url: `https://${message.shopDomain}`,
  address: '',
  timeZone: message.timeZone === '' ? 'UTC' : message.timeZone,
  currency: message.currency,
  pointsNames: message.pointsNames,
  picturesUrl: `${appUrl}/pictures/${merchantId}`,
});
