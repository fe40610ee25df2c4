type Words = string | { readonly label: string; readonly helpText: string };

/** Choices for every value of a closed list: a record, so that none can be left out. */
export function choicesOf<Value extends string>(
  words: Readonly<Record<Value, Words>>,
): { value: string; label: string; helpText?: string }[] {
  return Object.entries<Words>(words).map(([value, text]) => ({
    value,
    ...(typeof text === 'string' ? { label: text } : text),
  }));
}
