/**
 * Text as core and PostgreSQL accept it: truncated, and without what neither can store
 * (the character NUL, halves of a surrogate pair).
 */
export function cleanText(text: string | null | undefined, maxLength: number): string {
  return (text ?? '').replaceAll('\0', '').slice(0, maxLength).toWellFormed();
}
