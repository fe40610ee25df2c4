import https from 'node:https';
import type { SESv2Client, SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import { outcomeOfFailure, outcomeOfGarbage, outcomeOfStatus } from './outcome.ts';
import { providerTimeoutMs, type Credentials, type Provider, type SendResult } from './provider.ts';

/** Errors of SES by name, where the status alone does not tell. */
const byName: Readonly<Record<string, SendResult>> = {
  // The sender's address or domain is not verified, or the account is in the sandbox: the merchant mends it.
  MailFromDomainNotVerifiedException: { status: 'away', reason: 'bad_credentials' },
  SendingPausedException: { status: 'away', reason: 'bad_credentials' },
  AccountSuspendedException: { status: 'away', reason: 'bad_credentials' },
  MessageRejected: { status: 'refused', reason: 'refused', suppress: false },
  LimitExceededException: { status: 'away', reason: 'provider_away', retryAfterMs: 3_600_000 },
  CredentialsProviderError: { status: 'away', reason: 'bad_credentials' },
};

/** Amazon SES. It recognizes no repetition. */
export const ses: Provider = {
  name: 'ses',

  async send(message, credentials) {
    try {
      const { SendEmailCommand } = await import('@aws-sdk/client-sesv2');
      const client = await clientFor(credentials);
      try {
        const { MessageId } = await client.send(new SendEmailCommand(mailOf(message, credentials)));
        return MessageId === undefined || MessageId === ''
          ? outcomeOfGarbage(false)
          : { status: 'sent', providerMessageId: MessageId };
      } finally {
        client.destroy();
      }
    } catch (error) {
      return outcomeOf(error);
    }
  },

  async check(credentials) {
    try {
      const { GetAccountCommand } = await import('@aws-sdk/client-sesv2');
      const client = await clientFor(credentials);
      try {
        const { SendingEnabled } = await client.send(new GetAccountCommand({}));
        return SendingEnabled === false ? 'bad_credentials' : 'ok';
      } finally {
        client.destroy();
      }
    } catch (error) {
      const outcome = outcomeOf(error);
      return outcome.status === 'refused' ||
        (outcome.status === 'away' && outcome.reason === 'bad_credentials')
        ? 'bad_credentials'
        : 'provider_away';
    }
  },
};

function mailOf(
  message: Parameters<Provider['send']>[0],
  credentials: Credentials,
): SendEmailCommandInput {
  const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });
  return {
    FromEmailAddress: fromHeader(message.senderName, credentials['from_address'] ?? ''),
    Destination: { ToAddresses: [message.email] },
    ...(message.replyTo !== '' && { ReplyToAddresses: [message.replyTo] }),
    Content: {
      Simple: {
        Subject: utf8(message.subject),
        Body: { Html: utf8(message.html), Text: utf8(message.text) },
        ...(message.unsubscribeUrl !== '' && {
          Headers: [
            { Name: 'List-Unsubscribe', Value: `<${message.unsubscribeUrl}>` },
            { Name: 'List-Unsubscribe-Post', Value: 'List-Unsubscribe=One-Click' },
          ],
        }),
      },
    },
    EmailTags: [{ Name: 'message_id', Value: message.id }],
  };
}

/** SES takes names in ASCII alone; others travel as RFC 2047 has it. */
export function fromHeader(name: string, address: string): string {
  if (name === '') return address;
  const plain = /^[\x20-\x7e]*$/.test(name);
  const words = plain
    ? `"${name.replace(/["\\]/g, '')}"`
    : `=?UTF-8?B?${Buffer.from(name, 'utf8').toString('base64')}?=`;
  return `${words} <${address}>`;
}

async function clientFor(credentials: Credentials): Promise<SESv2Client> {
  const { SESv2Client } = await import('@aws-sdk/client-sesv2');
  return new SESv2Client({
    region: credentials['region'] ?? '',
    // Only the platform's own goes out by the role of its task.
    ...(credentials['role'] !== 'task' && {
      credentials: {
        accessKeyId: credentials['access_key_id'] ?? '',
        secretAccessKey: credentials['secret_access_key'] ?? '',
      },
    }),
    // A second attempt of the library's would be a second mail.
    maxAttempts: 1,
    requestHandler: {
      httpsAgent: https.globalAgent,
      connectionTimeout: providerTimeoutMs,
      requestTimeout: providerTimeoutMs,
      throwOnRequestTimeout: true,
    },
  });
}

function outcomeOf(error: unknown): SendResult {
  const name = error instanceof Error ? error.name : '';
  const known = byName[name];
  if (known !== undefined) return known;
  const meta = metadataOf(error);
  // Without a status nothing was answered, or nothing that the library could read.
  if (meta === undefined) return outcomeOfFailure(error, false);
  return meta < 300 ? outcomeOfGarbage(false) : outcomeOfStatus(meta);
}

function metadataOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { $metadata, $response } = error as {
    $metadata?: { httpStatusCode?: number };
    $response?: { statusCode?: number };
  };
  return $metadata?.httpStatusCode ?? $response?.statusCode;
}
