/** Letters and digits that no one mistakes for others when they are read aloud or typed. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const LENGTH = 8;

/**
 * A code of eight characters, of which 31^8 exist: too many to be guessed, short enough for a message.
 * @param bytes random, one for each character and a few more, since some are not used
 */
export function codeFrom(bytes: Iterable<number>): string {
  let code = '';
  const fair = 256 - (256 % ALPHABET.length);
  for (const byte of bytes) {
    if (byte >= fair) continue;
    code += ALPHABET[byte % ALPHABET.length] ?? '';
    if (code.length === LENGTH) return code;
  }
  throw new RangeError('too few random bytes for a code');
}
