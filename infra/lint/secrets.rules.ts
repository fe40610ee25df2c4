/** A secret that stands in a text: what it looks like, and where. Never the secret itself. */
export interface FoundSecret {
  readonly kind: string;
  /** From 1. */
  readonly line: number;
}

/** What the issuers of keys say theirs look like. */
const shapes: Readonly<Record<string, RegExp>> = {
  'an access key of AWS': /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/,
  'a token of Shopify': /\bshp(?:at|ss|ca|pa|rt|tka)_[0-9a-fA-F]{32,}\b/,
  'a token of Shopify’s partners': /\b(?:atkn|shpsb)_[0-9a-zA-Z]{32,}\b/,
  'a key of Stripe': /\b(?:sk|rk)_(?:live|test)_[0-9a-zA-Z]{20,}\b|\bwhsec_[0-9a-zA-Z+/=]{24,}/,
  'a private key':
    /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----\s*(?:\\n)?[A-Za-z0-9+/=\s\\]{40}/,
  'a signed token (JWT)': /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{20,}/,
  'a token of Slack':
    /\bxox[abeoprs]-[0-9A-Za-z-]{20,}|hooks\.slack\.com\/services\/T[0-9A-Z]{6,}\/B/,
  'a token of GitHub': /\bgh[opusr]_[0-9A-Za-z]{36,}\b|\bgithub_pat_[0-9A-Za-z_]{50,}\b/,
  'a token of npm': /\bnpm_[0-9A-Za-z]{36}\b/,
  'a key of Google': /\bAIza[0-9A-Za-z_-]{35}\b/,
  'a key of PostHog': /\bph[cxs]_[0-9A-Za-z]{40,}\b/,
  'a key of Klaviyo': /\bpk_[0-9a-f]{32,}\b/,
  'a key of Twilio or SendGrid': /\bSK[0-9a-f]{32}\b|\bSG\.[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43}\b/,
  'a password in an address':
    /\b(?:postgres(?:ql)?|rediss?|https?|amqps?):\/\/[^\s:/@'"`<>{}$]+:([^\s/@'"`<>{}$]+)@/,
};

/** A name that is given a value in quotes, or bare at the end of a line as in .env files. */
const assignment =
  /\b([A-Za-z0-9_]*(?:secret|password|passwd|token|api_?key|signing_?key|private_?key|access_?key|credential)[A-Za-z0-9_]*)["']?\s*(?::|=>?)\s*(?:["'`]([^"'`\s]{20,})["'`]|([A-Za-z0-9+/_.=-]{24,})\s*$)/i;

const enoughBits = 3.7;

/** Bits of a character, by how often each stands in the text: words have about 3.5, random keys 4 and more. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const sign of text) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => {
    const share = count / text.length;
    return bits - share * Math.log2(share);
  }, 0);
}

/** Random as keys are: of letters and digits mixed, without words, paths or code in it. */
function looksRandom(value: string): boolean {
  if (!/^[A-Za-z0-9+/_=-]+$/.test(value)) return false;
  if (!/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  const isHex = /^[0-9a-f]{32,}$/i.test(value);
  // Names are letters in words; a key changes between letters, cases and digits all the time.
  const changes = value.match(/[a-z](?=[A-Z0-9])|[A-Z](?=[a-z0-9])|[0-9](?=[A-Za-z])/g) ?? [];
  return (
    entropyOf(value) >= (isHex ? 3 : enoughBits) && changes.length >= value.length / (isHex ? 6 : 4)
  );
}

/** A password for examples and tests, as people write them. */
const spoken = /^(?:[a-z]+|\*+|\.{3})$|^(?:pass|secret|test|local|example)/i;

/** Values of tests and of AWS's own documentation that look like secrets and open nothing. */
const examples: readonly string[] = [
  'nQ2v8Zr5tY1wK7xB4mC9pL6sD3fG0hJq',
  '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',
  'wJalrXUtnFEMI/K7MDENG',
];

const isHarmless = (text: string) =>
  spoken.test(text) || examples.some((example) => text.includes(example));

/** Every secret in a text, by line. */
export function secretsIn(text: string): FoundSecret[] {
  return text.split('\n').flatMap((line, index) => {
    const found = Object.entries(shapes)
      .filter(([kind, shape]) => {
        const match = shape.exec(kind === 'a private key' ? privateKeyFrom(text, line) : line);
        return match !== null && !isHarmless(match[1] ?? match[0]);
      })
      .map(([kind]) => kind);
    const [, , quoted, bare] = assignment.exec(line) ?? [];
    const value = quoted ?? bare;
    if (found.length === 0 && value !== undefined && looksRandom(value) && !isHarmless(value))
      found.push('a random value under a secret’s name');
    return found.map((kind) => ({ kind, line: index + 1 }));
  });
}

/** A private key begins on one line and goes on below: its header alone is what code compares with. */
function privateKeyFrom(text: string, line: string): string {
  if (!line.includes('PRIVATE KEY')) return '';
  return text.slice(text.indexOf(line), text.indexOf(line) + line.length + 80);
}
