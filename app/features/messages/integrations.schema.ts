import { z } from 'zod';
import type {
  MessagingSettings,
  UpdateMessagingProviderRequest,
} from '#proto/admin/v1/messages.ts';
import {
  CHANNEL_PROVIDERS,
  MESSAGE_CHANNELS,
  MESSAGE_PROVIDERS,
  MESSAGE_TYPES,
  PROVIDER_FIELDS,
} from '#vocabulary/messages.ts';

type Fields = Readonly<Record<string, string>>;

const provider = z.enum(MESSAGE_PROVIDERS);
export const parseProvider = (form: FormData) => provider.safeParse(form.get('provider')).data;

/** What a provider's card sends: its fields, where they were typed. */
export function parseProviderForm(
  form: FormData,
): { readonly change: UpdateMessagingProviderRequest } | { readonly fields: Fields } {
  const name = parseProvider(form);
  if (name === undefined) return { fields: { provider: 'choice' } };
  const { secret, settings } = PROVIDER_FIELDS[name];
  const isConnected = form.get('connected') === 'true';
  const fields: Record<string, string> = {};
  const credentials: Record<string, string> = {};
  for (const field of [secret, ...settings]) {
    const value = textOf(form.get(field));
    // A secret that is kept is not typed again.
    if (value === '' && !(field === secret && isConnected)) fields[field] = 'required';
    if (value !== '') credentials[field] = value;
  }
  if (Object.keys(fields).length > 0) return { fields };
  return { change: { provider: name, credentials, enabled: true, disconnect: false } };
}

const textOf = (value: FormDataEntryValue | null): string =>
  typeof value === 'string' ? value.trim() : '';

const minutes = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));
const settingsForm = z.object({
  senderName: z.string().trim().max(100),
  replyTo: z.union([z.literal(''), z.email()]),
  emailProvider: z.enum(['', ...CHANNEL_PROVIDERS.email]),
  smsProvider: z.enum(['', ...CHANNEL_PROVIDERS.sms]),
  quietFrom: minutes,
  quietUntil: minutes,
});

/** How messages are sent, as the page's form has it. */
export function parseMessagingForm(
  form: FormData,
): { readonly settings: MessagingSettings } | { readonly fields: Fields } {
  const parsed = settingsForm.safeParse({
    senderName: textOf(form.get('senderName')),
    replyTo: textOf(form.get('replyTo')),
    emailProvider: textOf(form.get('emailProvider')),
    smsProvider: textOf(form.get('smsProvider')),
    quietFrom: textOf(form.get('quietFrom')),
    quietUntil: textOf(form.get('quietUntil')),
  });
  if (!parsed.success)
    return {
      fields: Object.fromEntries(
        parsed.error.issues.map((issue) => [String(issue.path[0] ?? ''), 'required']),
      ),
    };
  const channels = MESSAGE_TYPES.flatMap((type) => {
    const channel = MESSAGE_CHANNELS.find((one) => one === form.get(`channel.${type}`));
    return channel === undefined ? [] : [[type, channel] as const];
  });
  return {
    settings: {
      ...parsed.data,
      channels: Object.fromEntries(channels),
      fallback: form.get('fallback') === 'true',
      revision: textOf(form.get('revision')),
      providers: [],
    },
  };
}
