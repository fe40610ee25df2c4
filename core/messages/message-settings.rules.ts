import { jsonObject, textOf, type Json } from '../shared/stored-json.rules.ts';
import {
  CHANNEL_PROVIDERS,
  MESSAGE_CHANNELS,
  MESSAGE_TYPES,
  type MessageChannel,
  type MessageProvider,
  type MessageType,
} from '#vocabulary/messages.ts';

/** How a shop writes to its members. */
export interface MessageSettings {
  readonly senderName: string;
  readonly replyTo: string;
  /** A type that is missing goes by e-mail. */
  readonly channels: Readonly<Partial<Record<MessageType, MessageChannel>>>;
  /** Null: the first that is connected. */
  readonly emailProvider: MessageProvider | null;
  readonly smsProvider: MessageProvider | null;
  /** Minutes after midnight between which nothing is sent; equal: at any time. */
  readonly quietFrom: number;
  readonly quietUntil: number;
  /** By e-mail through SES when the chosen provider is away. */
  readonly fallback: boolean;
}

/** From nine in the evening to eight in the morning. */
const defaults = { quietFrom: 21 * 60, quietUntil: 8 * 60 };
const minutesOfDay = 24 * 60;

export function messageSettingsFrom(stored: unknown): MessageSettings {
  const root = jsonObject(stored);
  const channels = jsonObject(root['channels']);
  return {
    senderName: textOf(root['sender_name']),
    replyTo: textOf(root['reply_to']),
    channels: Object.fromEntries(
      MESSAGE_TYPES.flatMap((type) => {
        const channel = MESSAGE_CHANNELS.find((one) => one === channels[type]);
        return channel === undefined ? [] : [[type, channel]];
      }),
    ),
    emailProvider: CHANNEL_PROVIDERS.email.find((one) => one === root['email_provider']) ?? null,
    smsProvider: CHANNEL_PROVIDERS.sms.find((one) => one === root['sms_provider']) ?? null,
    quietFrom: minuteOf(root['quiet_from'], defaults.quietFrom),
    quietUntil: minuteOf(root['quiet_until'], defaults.quietUntil),
    fallback: root['fallback'] !== false,
  };
}

export const messageSettingsJson = (settings: MessageSettings): Json => ({
  sender_name: settings.senderName,
  reply_to: settings.replyTo,
  channels: settings.channels,
  ...(settings.emailProvider !== null && { email_provider: settings.emailProvider }),
  ...(settings.smsProvider !== null && { sms_provider: settings.smsProvider }),
  quiet_from: settings.quietFrom,
  quiet_until: settings.quietUntil,
  fallback: settings.fallback,
});

function minuteOf(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < minutesOfDay
    ? value
    : fallback;
}

export const channelOf = (settings: MessageSettings, type: MessageType): MessageChannel =>
  settings.channels[type] ?? 'email';

/** Who carries a channel: the merchant's choice when it is usable, else the first that is; undefined: no one can. */
export function providerOf(
  settings: MessageSettings,
  channel: MessageChannel,
  usable: ReadonlySet<MessageProvider>,
): MessageProvider | undefined {
  const chosen = channel === 'email' ? settings.emailProvider : settings.smsProvider;
  const candidates: readonly MessageProvider[] = CHANNEL_PROVIDERS[channel];
  if (chosen !== null && candidates.includes(chosen) && usable.has(chosen)) return chosen;
  return candidates.find((provider) => usable.has(provider));
}

/** They become parts of addresses and headers, so nothing but what they are may be in them. */
const shapes: Readonly<Record<string, RegExp>> = {
  api_key: /^[\x21-\x7e]{8,200}$/,
  auth_token: /^[\x21-\x7e]{8,200}$/,
  secret_access_key: /^[\x21-\x7e]{8,200}$/,
  account_sid: /^AC[0-9a-f]{32}$/,
  from: /^(\+[1-9]\d{6,14}|MG[0-9a-f]{32})$/,
  access_key_id: /^[A-Z0-9]{4,128}$/,
  region: /^[a-z]{2}(-[a-z]+)+-\d$/,
  from_address: /^[^\s@<>"',;:\\]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i,
};

/** Whether a secret or a setting of a provider can be one. */
export const isCredential = (name: string, value: string): boolean =>
  shapes[name]?.test(value) ?? false;

/**
 * Yahoo and AOL let no one else send in their names (DMARC p=reject), so that answers and mail would be lost.
 * @returns whether replies may go there; an empty address may
 */
export function isReplyTo(address: string): boolean {
  if (address === '') return true;
  const domain = /^[^\s@<>"',;:\\]+@([a-z0-9-]+(?:\.[a-z0-9-]+)+)$/i.exec(address)?.[1];
  return domain !== undefined && !/^(?:yahoo|aol)\.[a-z.]+$/i.test(domain);
}
