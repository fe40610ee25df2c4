import type { OutgoingMessage } from '#proto/admin/v1/messages.ts';
import type { JobServices, ShopReference } from '../../jobs/services.ts';
import { countriesOfNumber } from '../../messaging/phone-country.rules.ts';
import { sendableAt } from '../../messaging/quiet-hours.rules.ts';
import {
  phoneRecipient,
  readRecipient,
  recipientVariables,
  type PhoneRecipient,
} from '../../shopify/admin/recipient.ts';
import type { Settlement } from './settlement.ts';
import type { MessageChannel } from '#vocabulary/messages.ts';

/** Where a message goes to, or what is in its way. */
export type Destination =
  | { readonly to: { readonly email: string; readonly phone: string } }
  | { readonly obstacle: Settlement };

/** Where no hour of the next week is right in every zone that is possible, it is asked again: the address may come. */
const askedAgainMs = 6 * 3_600_000;
const withheld = (reason: 'no_consent' | 'no_address' | 'erased'): Destination => ({
  obstacle: { status: 'withheld', reason },
});

/** @throws AdminApiError when Shopify, who knows the numbers and who agreed, does not answer */
export async function readDestination(
  shop: ShopReference,
  message: OutgoingMessage,
  services: Pick<JobServices, 'shopify' | 'now'>,
): Promise<Destination> {
  if (message.channel === 'email')
    return quietOr(message, services.now(), [message.country], '', {
      email: message.email,
      phone: '',
    });
  const recipient = await askShopify(shop, message, services);
  if (recipient === undefined) return withheld('erased');
  if (recipient.phone === '') return withheld('no_address');
  if (!recipient.hasConsent) return withheld('no_consent');
  const countries =
    recipient.country === '' ? countriesOfNumber(recipient.phone) : [recipient.country];
  return quietOr(message, services.now(), countries, recipient.region, {
    email: message.email,
    phone: recipient.phone,
  });
}

async function askShopify(
  shop: ShopReference,
  message: OutgoingMessage,
  { shopify }: Pick<JobServices, 'shopify'>,
): Promise<PhoneRecipient | undefined> {
  if (message.shopifyCustomerId === '') return undefined;
  const answer = await shopify(shop).request(
    readRecipient,
    recipientVariables(message.shopifyCustomerId),
  );
  return phoneRecipient(answer);
}

function quietOr(
  message: OutgoingMessage,
  now: number,
  countries: readonly string[],
  region: string,
  to: { readonly email: string; readonly phone: string },
): Destination {
  const channel: MessageChannel =
    message.channel === 'sms' || message.channel === 'whatsapp' ? message.channel : 'email';
  const known = countries.filter((country) => country !== '');
  const at = sendableAt(
    new Date(now),
    { channel, countries: known, region },
    {
      quietFrom: message.quietFrom,
      quietUntil: message.quietUntil,
      shopTimeZone: message.timeZone === '' ? 'UTC' : message.timeZone,
    },
  );
  if (at?.getTime() === now) return { to };
  return {
    obstacle: {
      status: 'waiting',
      reason: 'quiet_hours',
      retryInMs: at === undefined ? askedAgainMs : at.getTime() - now,
    },
  };
}
