import { klaviyo } from './klaviyo.server.ts';
import { postscript } from './postscript.server.ts';
import type { Provider } from './provider.ts';
import { ses } from './ses.server.ts';
import { twilio } from './twilio.server.ts';
import type { MessageProvider } from '#vocabulary/messages.ts';

/** Who carries messages. Their libraries are loaded when the first message needs them. */
export const providers: Readonly<Record<MessageProvider, Provider>> = {
  klaviyo,
  twilio,
  postscript,
  ses,
};
