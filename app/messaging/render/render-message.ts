import { parseMailDocument, type MailDocument } from '../../../proto/shared/messages/blocks.ts';
import { htmlMail } from './mail-html.ts';
import type { MessageRequest, RenderedMessage } from './message.ts';
import { plainLine, plainMail } from './plain-text.ts';
import { textMessage } from './text-message.ts';
import { oneLine, writtenValues } from './values.ts';

export type { MessageRequest, RenderedMessage } from './message.ts';

const NOTHING: MailDocument = { preheader: '', blocks: [] };

/**
 * A message as its reader gets it. Decided by its request alone: the same request gives the same bytes, so a send that
 * is repeated repeats itself.
 */
export async function renderMessage(request: MessageRequest): Promise<RenderedMessage> {
  const { type, channel, language, content, variables, shop } = request;
  const isShort = channel !== 'email';
  const values = writtenValues(type, variables, { language, shop, isShort });
  if (isShort) return { subject: '', html: '', text: textMessage(request, values) };
  const document = parseMailDocument(content.blocks) ?? NOTHING;
  const subject = plainLine(content.subject, values) || oneLine(shop.name);
  const text = plainMail(request, document, values);
  return { subject, html: await htmlMail(request, document, values, subject), text };
}
