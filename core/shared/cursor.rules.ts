/** Opaque to callers: the sort keys of the last row of a page. */
export function encodeCursor(...parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/**
 * The sort keys in a cursor, or undefined when it is not one of ours. Its parts go into SQL as parameters with a
 * cast, so each must match what its column can hold.
 */
export function decodeCursor(cursor: string, ...patterns: readonly RegExp[]): string[] | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== patterns.length) return undefined;
  const texts = parts.filter((part): part is string => typeof part === 'string');
  if (texts.length !== patterns.length) return undefined;
  const fits = (part: string, index: number) =>
    patterns[index]?.test(part) === true && (patterns[index] !== timePattern || isTime(part));
  return texts.every(fits) ? texts : undefined;
}

export const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** As `microseconds` below writes it. */
export const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
/** The thirty-first of February has the form of a time and is none. */
function isTime(text: string): boolean {
  const milliseconds = `${text.slice(0, 23)}Z`;
  const time = new Date(milliseconds);
  return (
    !Number.isNaN(time.getTime()) &&
    time.getUTCFullYear() > 0 &&
    time.toISOString() === milliseconds
  );
}

export const integerPattern = /^-?\d{1,18}$/;

/** SQL that writes a timestamptz without losing its microseconds, which a JavaScript Date would. */
export function microseconds(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
