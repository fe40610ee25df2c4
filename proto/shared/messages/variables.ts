/** A piece of a template's text: words as they are, or the value of a variable. */
export type TextPart =
  | { readonly words: string }
  | {
      readonly variable: string;
      /** What stands there when the message has no such value; without it, the paragraph is left out. */
      readonly fallback?: string;
    };

const BRACES = /\{\{([^{}]*)\}\}/g;
const VARIABLE = /^\s*([a-z][a-z0-9_]*)\s*(?:\|(.*))?$/s;

/**
 * `Hi {{ first_name | there }}` in its pieces. What stands between braces and is no variable stays as it was written:
 * {@link variableProblem} says that it is wrong.
 */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(BRACES)) {
    const variable = variableOf(match[1] ?? '');
    if (variable === undefined) continue;
    if (match.index > from) parts.push({ words: text.slice(from, match.index) });
    parts.push(variable);
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ words: text.slice(from) });
  return parts;
}

function variableOf(inner: string): TextPart | undefined {
  const [, variable, fallback] = VARIABLE.exec(inner) ?? [];
  if (variable === undefined) return undefined;
  return { variable, ...(fallback !== undefined && { fallback: fallback.trim() }) };
}

/** The variables that a text names, each once. */
export const variablesIn = (text: string): string[] => [
  ...new Set(textParts(text).flatMap((part) => ('variable' in part ? [part.variable] : []))),
];

/** What is wrong with the braces of a text, or with the variables that it names, of those that its message has. */
export function variableProblem(
  text: string,
  known: ReadonlySet<string>,
): 'unbalanced_braces' | 'unknown_variable' | undefined {
  const rest = text.replace(BRACES, '');
  if (rest.includes('{{') || rest.includes('}}')) return 'unbalanced_braces';
  for (const [, inner = ''] of text.matchAll(BRACES)) {
    const part = variableOf(inner);
    if (part === undefined || !('variable' in part) || !known.has(part.variable))
      return 'unknown_variable';
  }
  return undefined;
}
