/** What makes a secret unfit for production; one check for web, worker and core. */

/** Shorter ones can be searched for; Shopify's own have 38, a key of 32 bytes has 44 in base64. */
const shortest = 32;
/** A generated key practically never has fewer different characters than this. */
const fewestCharacters = 8;

/** Those of this repository's demo, examples and tests say what they are, in clear or in base64. */
const published = /example|change.?me|demo|not.?secret|insecure|test.?(client|secret)|password/i;

export interface Secret {
  readonly name: string;
  /** As it is set in the environment; a list of keys as `<id>:<key>`, divided by commas. */
  readonly value: string;
}

/** Everything that is wrong, each naming its variable and never its value. Blank ones are checked elsewhere. */
export function secretProblems(secrets: readonly Secret[]): string[] {
  const problems: string[] = [];
  for (const { name, value } of secrets) {
    for (const key of keysOf(value)) {
      const problem = problemOf(key);
      if (problem !== undefined) problems.push(`${name} ${problem}`);
    }
  }
  return [...new Set(problems)];
}

function keysOf(value: string): string[] {
  return value
    .split(',')
    .map((entry) => entry.trim().replace(/^[\w-]{1,32}:/, ''))
    .filter((key) => key !== '');
}

function problemOf(key: string): string | undefined {
  const decoded = Buffer.from(key, 'base64');
  if ([key, decoded.toString('latin1')].some((text) => published.test(text)))
    return 'is a published example; production needs a secret of its own';
  if (key.length < shortest) return `must have at least ${shortest} characters in production`;
  // A key of one byte repeated is as good as none, and looks like more in base64.
  const isKey = decoded.length === 32 && decoded.toString('base64') === key;
  if (new Set<unknown>(isKey ? [...decoded] : [...key]).size < fewestCharacters)
    return 'is a published example or not random; production needs a secret of its own';
  return undefined;
}
