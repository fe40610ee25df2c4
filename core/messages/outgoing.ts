import type { MessageTemplate } from '#proto/admin/v1/message_templates.ts';
import type { OutgoingMessage, ProviderAccess } from '#proto/admin/v1/messages.ts';
import { decryptFirstName, decryptMember } from '../members/customer-encryption.ts';
import { defaultLanguageOf, languageOf, pointsNamesOf } from '../merchants/merchant.rules.ts';
import { decryptCode } from '../rewards/redemptions.store.ts';
import type { EncryptionDeps } from '../shared/blind-index.ts';
import { jsonObject, textOf } from '../shared/stored-json.rules.ts';
import { wordsIn } from '../shared/words.rules.ts';
import type { MessageSettings } from './message-settings.rules.ts';
import { subscriptionOf } from './messages.store.ts';
import { obstacleOf, type RecipientRow } from './recipient.store.ts';
import { unsubscribeToken } from './unsubscribe-token.ts';
import { MESSAGE_VARIABLES } from '#vocabulary/messages.ts';
import type { Language } from '#vocabulary/languages.ts';

/** A message as the worker gets it: decrypted, for as long as sending takes. */
export function toOutgoing(
  deps: EncryptionDeps,
  merchantId: string,
  row: RecipientRow,
  {
    leaseId,
    settings,
    providers,
    template,
  }: {
    leaseId: string;
    settings: MessageSettings;
    providers: ProviderAccess[];
    template: MessageTemplate;
  },
): OutgoingMessage {
  const shopLanguage = defaultLanguageOf(row.shop_language);
  // The same rule as the editor's preview: the reader's own language where we speak it, else the merchant's fallback.
  const language = languageOf(row.locale) ?? languageOf(template.fallbackLanguage) ?? shopLanguage;
  const customerId = row.customer_id ?? '';
  const { email } = decryptMember(deps.encryption, merchantId, customerId, row);
  const known = allVariables(deps, merchantId, row, { language, shopLanguage });
  return {
    messageId: row.event_id,
    leaseId,
    type: row.template_type,
    channel: row.channel,
    attempts: row.retry_count,
    customerId,
    shopifyCustomerId: row.shopify_customer_id ?? '',
    email,
    emailConsent: obstacleOf(row, 'email') === null,
    language,
    variables: Object.fromEntries(
      Object.keys(MESSAGE_VARIABLES[row.template_type]).map((name) => [name, known[name] ?? '']),
    ),
    template,
    providers,
    senderName: settings.senderName === '' ? (row.shop_name ?? '') : settings.senderName,
    replyTo: settings.replyTo,
    shopName: row.shop_name ?? '',
    shopDomain: row.shop_domain,
    timeZone: row.timezone,
    currency: row.currency,
    pointsNames: pointsNamesOf(row.branding),
    country: row.country ?? '',
    quietFrom: settings.quietFrom,
    quietUntil: settings.quietUntil,
    unsubscribeToken: unsubscribeToken(deps.blindIndex, merchantId, {
      customerId,
      channel: subscriptionOf(row.channel),
    }),
    createdAt: row.created_at.toISOString(),
    fallback: settings.fallback,
  };
}

/** Every variable of every type, as far as this message knows it; dates as instants. */
function allVariables(
  { encryption }: Pick<EncryptionDeps, 'encryption'>,
  merchantId: string,
  row: RecipientRow,
  { language, shopLanguage }: { language: Language; shopLanguage: Language },
): Readonly<Record<string, string>> {
  const shopUrl = `https://${row.shop_domain}`;
  const terms = jsonObject(row.terms);
  const points = Number(row.variables['points'] ?? row.points_spent ?? 0);
  const person = (id: string | null, name: Buffer | null) =>
    id === null ? '' : decryptFirstName(encryption, merchantId, id, name);
  return {
    first_name: person(row.customer_id, row.first_name),
    shop_name: row.shop_name ?? '',
    shop_url: shopUrl,
    points_balance: String(row.balance),
    points: String(points),
    order_name: row.order_name ?? '',
    expires_on: row.redemption_expires_at?.toISOString() ?? textOf(row.variables['expires_at']),
    reward_name: wordsIn(terms['title'], language, shopLanguage),
    code:
      row.redemption_id === null
        ? ''
        : decryptCode({ encryption }, merchantId, row.redemption_id, row.discount_code),
    friend_name: person(row.other_customer_id, row.other_first_name),
    referral_url:
      row.referral_code === null ? '' : `${shopUrl}/apps/loyalnest/r/${row.referral_code}`,
    tier_name: wordsIn(row.tier_name, language, shopLanguage),
    previous_tier_name: wordsIn(row.previous_tier_name, language, shopLanguage),
  };
}
