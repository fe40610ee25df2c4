/**
 * Text as core and PostgreSQL take it: cut, since what is longer is read by nobody, and without what neither stores
 * (the character NUL, halves of a surrogate pair).
 */
export function cleanText(text: string | null | undefined, maxLength: number): string {
  return (text ?? '').replaceAll('\0', '').slice(0, maxLength).toWellFormed();
}
