import type { MessageReason, MessageStatus } from '#vocabulary/messages.ts';

/** How an attempt at a message ended. */
export interface Settlement {
  readonly status: MessageStatus;
  readonly reason: MessageReason | '';
  readonly providerMessageId?: string;
  readonly retryInMs?: number;
  readonly suppress?: boolean;
}
