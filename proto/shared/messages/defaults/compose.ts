import type { MessageBlock, MessageWords } from '../blocks.ts';

/** A message's words as they are written down here: subject, preheader, the mail's blocks, the text message's lines. */
export function message(
  subject: string,
  preheader: string,
  blocks: readonly MessageBlock[],
  text: readonly string[],
): MessageWords {
  return { subject, preheader, blocks, text: text.join('\n') };
}

export const heading = (text: string): MessageBlock => ({ type: 'heading', text });
export const text = (...paragraphs: string[]): MessageBlock => ({
  type: 'text',
  text: paragraphs.join('\n\n'),
});
export const button = (label: string, href = '{{ shop_url }}'): MessageBlock => ({
  type: 'button',
  label,
  href,
});
export const figure = (value: string, label: string): MessageBlock => ({
  type: 'figure',
  value,
  label,
});
export const code = (label: string): MessageBlock => ({ type: 'code', label });
