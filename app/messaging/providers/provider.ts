import type { MessageChannel, MessageProvider, MessageReason } from '#vocabulary/messages.ts';

/** A message as a provider gets it. */
export interface ProviderMessage {
  /** Ours: who recognizes repetitions does so by it. */
  readonly id: string;
  readonly type: string;
  readonly channel: MessageChannel;
  readonly language: string;
  /** Of an e-mail. */
  readonly email: string;
  /** Of a text message, in E.164. */
  readonly phone: string;
  readonly senderName: string;
  readonly replyTo: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Of an e-mail: takes a POST without a cookie (RFC 8058). */
  readonly unsubscribeUrl: string;
  /** Where the provider reports what became of it; empty where it cannot reach us. */
  readonly reportUrl: string;
  /** For a provider that writes the message itself. */
  readonly variables: Readonly<Record<string, string>>;
}

/** By the names of PROVIDER_FIELDS. Never logged. */
export type Credentials = Readonly<Record<string, string>>;

export type SendResult =
  | { readonly status: 'sent'; readonly providerMessageId: string }
  /** This message will not be taken, however often it is asked; `suppress`: nor any other to this person. */
  | { readonly status: 'refused'; readonly reason: MessageReason; readonly suppress: boolean }
  /** It was not taken and may be later. */
  | {
      readonly status: 'away';
      readonly reason: 'provider_away' | 'bad_credentials' | 'unreadable_answer';
      readonly retryAfterMs?: number;
    }
  /** It may have been taken. */
  | { readonly status: 'unconfirmed'; readonly reason: MessageReason };

export type CredentialCheck = 'ok' | 'bad_credentials' | 'provider_away';

export interface Provider {
  readonly name: MessageProvider;
  /** Asks once. Never throws. */
  send(message: ProviderMessage, credentials: Credentials): Promise<SendResult>;
  /** Whether the credentials open the account; sends nothing. Never throws. */
  check(credentials: Credentials): Promise<CredentialCheck>;
}

/** Longer, and a worker's place is worth more than the answer. */
export const providerTimeoutMs = 5_000;
/** Of any answer. */
export const longestAnswerBytes = 64 * 1_024;
