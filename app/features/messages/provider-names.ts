import type { MessageProvider } from '#vocabulary/messages.ts';

/** Names of products, the same in every language. */
export const PROVIDER_NAMES: Readonly<Record<MessageProvider, string>> = {
  klaviyo: 'Klaviyo',
  twilio: 'Twilio',
  postscript: 'Postscript',
  ses: 'Amazon SES',
};
