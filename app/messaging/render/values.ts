import { variableKinds } from '../../../proto/shared/messages/check.ts';
import type { TextPart } from '../../../proto/shared/messages/variables.ts';
import type { MessageType, VariableKind } from '#vocabulary/messages.ts';
import {
  formatDate,
  formatLongDate,
  formatMoney,
  formatPoints,
  pointsWords,
} from '../../i18n/format.ts';
import type { Language } from '../../i18n/languages.ts';
import type { MessageShop } from './message.ts';

/** Values as their reader reads them; what a message does not say is not there. */
export type WrittenValues = ReadonlyMap<
  string,
  { readonly kind: VariableKind; readonly text: string }
>;

interface Reader {
  readonly language: Language;
  readonly shop: MessageShop;
  /** Text messages are short, so their dates are. */
  readonly isShort: boolean;
}

/** Longer than any name; what is longer was not meant as a value. */
const MOST_CHARACTERS = 300;

/** Writes each variable that the type has by its kind, and no other. */
export function writtenValues(
  type: MessageType,
  variables: Readonly<Record<string, string>>,
  reader: Reader,
): WrittenValues {
  const written = Object.entries(variableKinds(type)).flatMap(([name, kind]) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    const text = value === undefined ? '' : valueText(kind, value, reader);
    return text === '' ? [] : [[name, { kind, text }] as const];
  });
  return new Map(written);
}

function valueText(kind: VariableKind, value: string, reader: Reader): string {
  const { language, shop, isShort } = reader;
  const text = oneLine(value);
  switch (kind) {
    case 'points':
      return /^-?\d{1,15}$/.test(text)
        ? formatPoints(Number(text), language, pointsWords(shop.pointsNames, language))
        : '';
    case 'date':
      // A day alone is already the shop's.
      return (isShort ? formatDate : formatLongDate)(
        text,
        language,
        /^\d{4}-\d{2}-\d{2}$/.test(text) ? 'UTC' : shop.timeZone,
      );
    case 'money':
      return /^-?\d{1,16}(?:\.\d{1,4})?$/.test(text)
        ? formatMoney({ amount: text, currency: shop.currency }, language)
        : '';
    case 'url':
      return isLink(text) ? text : '';
    case 'code':
    case 'text':
      return clipped(text);
  }
}

/** The app's own addresses are not https where a developer runs it. */
const isLink = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/**
 * On one line, without control characters, and without those that turn the direction of what follows: a name with one
 * of them would reorder the sentence around it.
 */
export const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim();

function clipped(text: string): string {
  const characters = [...text];
  return characters.length <= MOST_CHARACTERS
    ? text
    : `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…`;
}

/** A template's words as they were written, lines included, without what no reader sees. */
const readable = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll('\t', ' ')
    .replace(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069\ufeff]/gu, '');

/** One piece of a text that is ready to be written: the template's words, or a value. */
export interface Piece {
  readonly text: string;
  readonly kind?: VariableKind;
}

/** The pieces of a text; undefined when it names what this message has not, and says nothing in its place. */
export function filled(parts: readonly TextPart[], values: WrittenValues): Piece[] | undefined {
  const pieces: Piece[] = [];
  for (const part of parts) {
    if ('words' in part) {
      pieces.push({ text: readable(part.words) });
      continue;
    }
    const value = values.get(part.variable);
    if (value !== undefined) pieces.push(value);
    else if (part.fallback !== undefined) pieces.push({ text: readable(part.fallback) });
    else return undefined;
  }
  return pieces;
}

const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Pieces as plain text. A value that runs from right to left is isolated, so that it moves nothing beside it. */
export const plainPieces = (pieces: readonly Piece[]): string =>
  pieces
    .map(({ text, kind }) =>
      kind !== undefined && RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text,
    )
    .join('');
