import { textParts, type TextPart } from './variables.ts';

/** Text with one look: `**bold**`, `*italic*`, `[words](https://…)`. */
export interface TextRun {
  readonly parts: readonly TextPart[];
  readonly isBold: boolean;
  readonly isItalic: boolean;
  /** An address, or a variable that has one, as it was written. */
  readonly href?: string;
}

const TOKEN =
  /(\{\{[^{}]*\}\})|\[([^[\]\n]+)\]\(((?:\{\{[^{}]*\}\}|[^()\s{}])+)\)|(\\[*[\\])|(\*\*?)/g;

interface Token {
  readonly text: string;
  readonly href?: string;
  readonly marker?: '*' | '**';
}

/** The paragraphs of a text, which blank lines divide. */
export const paragraphsOf = (text: string): string[] =>
  text
    .replaceAll('\r\n', '\n')
    .split(/\n[ \t]*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');

/** The addresses that a text's links name, as they were written. */
export const linksIn = (text: string): string[] =>
  tokensOf(text).flatMap(({ href }) => (href === undefined ? [] : [href]));

/**
 * A paragraph in runs. A star that has no partner, or blanks on both sides, is a star. What a variable's value says is
 * not looked at: it comes later.
 */
export function textRuns(paragraph: string): TextRun[] {
  const tokens = tokensOf(paragraph);
  const lastAlone = {
    '*': unpaired(tokens, '*'),
    '**': unpaired(tokens, '**'),
  };
  const runs: TextRun[] = [];
  let [isBold, isItalic] = [false, false];
  tokens.forEach(({ text, href, marker }, place) => {
    if (marker !== undefined && lastAlone[marker] !== place) {
      if (marker === '**') isBold = !isBold;
      else isItalic = !isItalic;
      return;
    }
    if (text !== '')
      runs.push({ parts: textParts(text), isBold, isItalic, ...(href !== undefined && { href }) });
  });
  return runs;
}

function unpaired(tokens: readonly Token[], marker: '*' | '**'): number | undefined {
  const places = tokens.flatMap((token, place) => (token.marker === marker ? [place] : []));
  return places.length % 2 === 1 ? places.at(-1) : undefined;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let plain = '';
  let from = 0;
  const flush = () => {
    if (plain !== '') tokens.push({ text: plain });
    plain = '';
  };
  for (const match of text.matchAll(TOKEN)) {
    const [whole, variable, label, href, escaped, marker] = match;
    const end = match.index + whole.length;
    plain += text.slice(from, match.index);
    from = end;
    if (variable !== undefined) plain += variable;
    else if (escaped !== undefined) plain += escaped.slice(1);
    else if (label !== undefined && href !== undefined) {
      flush();
      tokens.push({ text: label, href });
    } else if (isBlank(text[match.index - 1]) && isBlank(text[end])) plain += whole;
    else {
      flush();
      tokens.push({ text: whole, marker: marker as '*' | '**' });
    }
  }
  plain += text.slice(from);
  flush();
  return tokens;
}

const isBlank = (character: string | undefined) => character === undefined || /\s/.test(character);
