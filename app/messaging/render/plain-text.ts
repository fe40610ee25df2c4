import type { MailDocument, MessageBlock } from '../../../proto/shared/messages/blocks.ts';
import { paragraphsOf, textRuns } from '../../../proto/shared/messages/markup.ts';
import { textParts } from '../../../proto/shared/messages/variables.ts';
import { FRAME_WORDS, reasonFor } from './frame-words.ts';
import type { MessageRequest } from './message.ts';
import { filled, oneLine, plainPieces, type WrittenValues } from './values.ts';

/** A text on one line; undefined when it names what the message has not. */
export function plainLine(text: string, values: WrittenValues): string | undefined {
  const pieces = filled(textParts(text), values);
  return pieces && plainPieces(pieces).replace(/\s+/g, ' ').trim();
}

/** A mail for readers and programs that show no HTML. */
export function plainMail(
  request: MessageRequest,
  { blocks }: MailDocument,
  values: WrittenValues,
): string {
  const parts = blocks.flatMap((block) => plainBlock(block, values));
  return [...parts, plainFoot(request)].join('\n\n');
}

function plainBlock(block: MessageBlock, values: WrittenValues): string[] {
  const line = (text: string) => plainLine(text, values);
  switch (block.type) {
    case 'heading':
      return some(line(block.text));
    case 'text':
      return paragraphsOf(block.text).flatMap((paragraph) =>
        some(plainParagraph(paragraph, values)),
      );
    case 'button': {
      const [label, href] = [line(block.label), line(block.href)];
      return label && href ? [`${label}\n${href}`] : [];
    }
    case 'figure': {
      const value = line(block.value);
      return value ? [[value, line(block.label)].filter(Boolean).join(' – ')] : [];
    }
    case 'code': {
      const code = line('{{ code }}');
      return code ? [[line(block.label), code].filter(Boolean).join('\n')] : [];
    }
    case 'image':
      return some(line(block.alt));
    case 'divider':
      return ['---'];
  }
}

const some = (text: string | undefined): string[] => (text ? [text] : []);

function plainParagraph(paragraph: string, values: WrittenValues): string | undefined {
  const written: string[] = [];
  for (const { parts, href } of textRuns(paragraph)) {
    const pieces = filled(parts, values);
    const address = href === undefined ? '' : plainLine(href, values);
    if (pieces === undefined || address === undefined) return undefined;
    const text = plainPieces(pieces);
    written.push(address === '' || address === text ? text : `${text} (${address})`);
  }
  return written.join('').trim();
}

function plainFoot({ type, language, shop, unsubscribeUrl }: MessageRequest): string {
  const name = oneLine(shop.name);
  return [
    '--',
    [name, oneLine(shop.address)].filter(Boolean).join(', '),
    shop.url,
    reasonFor(type, language, name),
    ...(unsubscribeUrl === '' ? [] : [FRAME_WORDS[language].unsubscribe, unsubscribeUrl]),
  ].join('\n');
}
