import { textParts } from '../../../proto/shared/messages/variables.ts';
import { clipToSegments } from '../../../proto/shared/messages/segments.ts';
import { FRAME_WORDS } from './frame-words.ts';
import type { MessageRequest } from './message.ts';
import { filled, oneLine, plainPieces, type WrittenValues } from './values.ts';

/** More than that is what carriers charge, filter and deliver out of order. */
export const MOST_SEGMENTS = 3;

/**
 * A text message: the shop's name, before its words unless they have it, and last how to stop the messages, as the law
 * and the carriers ask. Lines that name
 * what the message has not are left out. What is too long loses the end of its own words, never the last line.
 */
export function textMessage(request: MessageRequest, values: WrittenValues): string {
  const lines = request.content.text
    .split(/\r?\n/)
    .flatMap((line) => {
      const pieces = filled(textParts(line), values);
      return pieces === undefined
        ? []
        : [
            plainPieces(pieces)
              .replace(/[^\S\n]+/g, ' ')
              .trim(),
          ];
    })
    .join('\n')
    .trim();
  const shop = oneLine(request.shop.name);
  const words = lines.includes(shop) ? lines : `${shop}: ${lines}`;
  const stop = ` ${FRAME_WORDS[request.language].stop}`;
  return clipToSegments(plainSigns(words), plainSigns(stop), MOST_SEGMENTS);
}

const PLAIN_SIGNS: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '\u00a0': ' ',
  '\u202f': ' ',
};

/** A curly apostrophe, or the narrow blank in a French number, would halve the room of the whole message. */
const plainSigns = (text: string): string =>
  text.replace(/[‘’“”«»–—…\u00a0\u202f]/g, (sign) => PLAIN_SIGNS[sign] ?? sign);
