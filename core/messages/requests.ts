import { z } from 'zod';
import type { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import {
  instantOrEmpty,
  page,
  revision,
  text,
  uuid,
  uuidOrEmpty,
  type RequestSchemas,
} from '../call/validation.ts';
import {
  CHANNEL_PROVIDERS,
  MESSAGE_CHANNELS,
  MESSAGE_PROVIDERS,
  MESSAGE_REASONS,
  MESSAGE_STATUSES,
  MESSAGE_TYPES,
  PROVIDER_OUTCOMES,
} from '#vocabulary/messages.ts';

const provider = z.enum(MESSAGE_PROVIDERS);
const reason = z.enum(['', ...MESSAGE_REASONS]);
const minute = z.number().int().min(0).max(1_439);
/** What a header of a mail takes as a name: no line breaks, no address. */
const senderName = text(100).regex(/^[^\p{Cc}<>"@]*$/u, 'must be a plain name');
const phone = z.string().regex(/^(\+[1-9]\d{6,14})?$/, 'must be a number in E.164');
const providerId = text(200);

export const messageSchemas = {
  queueMessages: z.object({
    eventIds: z.array(z.string().regex(/^\d{1,18}$/, 'must be the id of an event')).max(500),
  }),
  claimDueMessages: z.object({ limit: z.number().int().min(1).max(1_000) }),
  claimMessage: z.object({ messageId: uuid, leaseSeconds: z.number().int().min(1).max(600) }),
  beginSending: z.object({
    messageId: uuid,
    leaseId: uuid,
    provider,
    channel: z.enum(MESSAGE_CHANNELS),
    phone,
  }),
  settleMessage: z.object({
    messageId: uuid,
    leaseId: uuid,
    status: z.enum(MESSAGE_STATUSES),
    reason,
    providerMessageId: providerId,
    retryAt: instantOrEmpty,
    suppress: z.boolean(),
  }),
  listMessages: z.object({
    page,
    status: z.enum(['', ...MESSAGE_STATUSES]),
    type: z.enum(['', ...MESSAGE_TYPES]),
    customerId: uuidOrEmpty,
  }),
  retryMessage: z.object({ messageId: uuid }),
  unsubscribe: z.object({ token: text(200) }),
  readUnsubscribe: z.object({ token: text(200) }),
  updateMessagingSettings: z.object({
    settings: z
      .object({
        senderName,
        replyTo: text(254),
        channels: z.partialRecord(z.enum(MESSAGE_TYPES), z.enum(MESSAGE_CHANNELS)),
        emailProvider: z.enum(['', ...CHANNEL_PROVIDERS.email]),
        smsProvider: z.enum(['', ...CHANNEL_PROVIDERS.sms]),
        quietFrom: minute,
        quietUntil: minute,
        fallback: z.boolean(),
        revision,
        providers: z.array(z.any()),
      })
      .optional(),
  }),
  updateMessagingProvider: z.object({
    provider,
    credentials: z.record(text(40), text(500)),
    enabled: z.boolean(),
    disconnect: z.boolean(),
  }),
  getMessagingCredentials: z.object({ provider }),
  recordProviderCheck: z.object({ provider, ok: z.boolean(), reason }),
  beginTestMessage: z.object({ type: z.enum(MESSAGE_TYPES), channel: z.enum(['email', 'sms']) }),
  recordTestMessage: z.object({
    messageId: uuid,
    leaseId: uuid,
    provider,
    status: z.enum(['sent', 'failed', 'unconfirmed']),
    reason,
    providerMessageId: providerId,
  }),
  recordProviderReport: z.object({
    provider,
    outcome: z.enum(PROVIDER_OUTCOMES),
    providerMessageId: providerId,
    email: text(254),
    reason,
    shopifyCustomerId: text(20),
    phone,
  }),
} satisfies RequestSchemas<typeof AdminServiceDefinition>;
