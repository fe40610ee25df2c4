import { expect, test } from 'vitest';
import type { MessageBlock, MessageWords } from './blocks.ts';
import { blockOf, parseMailDocument, writeMailDocument } from './blocks.ts';
import { messageFaults } from './check.ts';
import { DEFAULT_WORDS } from './defaults.ts';
import { textRuns } from './markup.ts';
import { clipToSegments, segmentsOf } from './segments.ts';

const words = (changes: Partial<MessageWords>): MessageWords => ({
  ...DEFAULT_WORDS.en.points_earned,
  ...changes,
});
const faults = (changes: Partial<MessageWords>) => messageFaults('points_earned', words(changes));
const faultOf = (block: MessageBlock) => faults({ blocks: [block] })[0];

test('A fault names its field, the block with it, and what is wrong', () => {
  expect(faults({ subject: ' ' })).toEqual([{ field: 'subject', problem: 'required' }]);
  expect(faults({ subject: 'Hi {{ first_name' })).toEqual([
    { field: 'subject', problem: 'unbalanced_braces' },
  ]);
  expect(faults({ preheader: '{{ code }}' })).toEqual([
    { field: 'preheader', problem: 'unknown_variable' },
  ]);
  expect(faults({ text: 'x'.repeat(481) })).toEqual([{ field: 'text', problem: 'too_long' }]);
  expect(faults({ blocks: [] })).toEqual([{ field: 'blocks', problem: 'required' }]);
  expect(faultOf({ type: 'heading', text: '' })).toEqual({
    field: 'blocks.0.text',
    problem: 'required',
  });
  expect(faultOf({ type: 'button', label: 'Go', href: 'javascript:alert(1)' })).toEqual({
    field: 'blocks.0.href',
    problem: 'unsafe_address',
  });
  expect(faultOf({ type: 'text', text: '[here](http://plain.test)' })).toEqual({
    field: 'blocks.0.text',
    problem: 'unsafe_address',
  });
  expect(faultOf({ type: 'text', text: '[here]({{ first_name }})' })?.problem).toBe(
    'unsafe_address',
  );
  expect(
    faultOf({ type: 'image', picture: 'https://elsewhere.test/a.png', alt: '', href: '' }),
  ).toEqual({ field: 'blocks.0.picture', problem: 'not_a_picture' });
  expect(faultOf({ type: 'code', label: '' })).toEqual({
    field: 'blocks.0',
    problem: 'unknown_variable',
  });
});

test('A message does not do without what it is for, in the mail and in the text message', () => {
  const { reward_redeemed: redeemed } = DEFAULT_WORDS.en;
  expect(messageFaults('reward_redeemed', redeemed)).toEqual([]);
  expect(
    messageFaults('reward_redeemed', { ...redeemed, blocks: [{ type: 'divider' }], text: 'Hi' }),
  ).toEqual([
    { field: 'blocks', problem: 'missing_variable' },
    { field: 'text', problem: 'missing_variable' },
  ]);
});

test('A mail has at most 30 blocks, and its JSON 24,000 bytes', () => {
  const divider: MessageBlock = { type: 'divider' };
  expect(faults({ blocks: Array<MessageBlock>(30).fill(divider) })).toEqual([]);
  expect(faults({ blocks: Array<MessageBlock>(31).fill(divider) })[0]?.problem).toBe(
    'too_many_blocks',
  );
  const long: MessageBlock = { type: 'text', text: 'é'.repeat(2_000) };
  expect(faults({ blocks: Array<MessageBlock>(7).fill(long) })[0]).toEqual({
    field: 'blocks',
    problem: 'too_long',
  });
});

test('What was stored is read as it was, and what is no block is left out', () => {
  const document = DEFAULT_WORDS.fr.reward_redeemed;
  expect(parseMailDocument(writeMailDocument(document))).toEqual({
    preheader: document.preheader,
    blocks: document.blocks,
  });
  expect(parseMailDocument('{"blocks":[{"type":"video"},{"type":"text","text":1},null]}')).toEqual({
    preheader: '',
    blocks: [],
  });
  expect(parseMailDocument('<p>')).toBeUndefined();
  expect(blockOf({ type: 'heading', text: 'Hi', onclick: 'x' })).toEqual({
    type: 'heading',
    text: 'Hi',
  });
});

test('Stars mark bold and italic only in pairs, and a variable is never looked into', () => {
  const runs = (text: string) =>
    textRuns(text).map(({ parts, isBold, isItalic, href }) => [
      parts.map((part) => ('words' in part ? part.words : `<${part.variable}>`)).join(''),
      `${isBold ? 'b' : ''}${isItalic ? 'i' : ''}`,
      href,
    ]);
  expect(runs('**Hi {{ a | *x* }}**, 2 * 3')).toEqual([
    ['Hi <a>', 'b', undefined],
    [', 2 * 3', '', undefined],
  ]);
  expect(runs('*one **two*')).toEqual([
    ['one ', 'i', undefined],
    ['**', 'i', undefined],
    ['two', 'i', undefined],
  ]);
  expect(runs('\\*no\\* [go](https://a.test)')).toEqual([
    ['*no* ', '', undefined],
    ['go', '', 'https://a.test'],
  ]);
});

test('Segments are counted as carriers charge them', () => {
  expect(segmentsOf('')).toMatchObject({ count: 0, left: 160 });
  expect(segmentsOf('a'.repeat(160))).toMatchObject({ encoding: 'GSM-7', count: 1, left: 0 });
  expect(segmentsOf('a'.repeat(161))).toMatchObject({ count: 2, left: 153 - 8 });
  expect(segmentsOf('€'.repeat(80))).toMatchObject({ count: 1, length: 160 });
  // 153 is odd: the last place of each segment stays free.
  expect(segmentsOf('€'.repeat(153))).toMatchObject({ count: 3 });
  expect(segmentsOf('ê'.repeat(70))).toMatchObject({ encoding: 'UCS-2', count: 1 });
  expect(segmentsOf('ê'.repeat(71))).toMatchObject({ count: 2 });
  expect(segmentsOf('🎁'.repeat(35))).toMatchObject({ count: 1, length: 70 });
});

test('A text message that is too long loses its end, not the way to stop it', () => {
  const end = ' Reply STOP to opt out';
  expect(clipToSegments('Short.', end, 3)).toBe('Short. Reply STOP to opt out');
  const long = clipToSegments('word '.repeat(200), end, 3);
  expect(long.endsWith(`word...${end}`) || long.endsWith(`...${end}`)).toBe(true);
  expect(segmentsOf(long)).toMatchObject({ count: 3 });
  expect(segmentsOf(long).left).toBeLessThan(8);
});
