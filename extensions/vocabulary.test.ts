import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ACTIONS, CLAIMED_ACTIONS, CLAIM_STATUSES, SHARE_NETWORKS } from '#vocabulary/earning.ts';
import { ERROR_CODES } from '#vocabulary/errors.ts';
import { LANGUAGES } from '#vocabulary/languages.ts';
import { REDEMPTION_STATUSES, REWARD_KINDS } from '#vocabulary/rewards.ts';
import { LAUNCHER_ICONS } from '#vocabulary/storefront.ts';

// Extensions are shipped to Shopify as is and import nothing of ours, so a test compares them with our lists.
const read = (...parts: string[]) => readFileSync(path.resolve('extensions', ...parts), 'utf8');
const script = (name: string) => read('storefront', name);
const asset = (name: string) => read('loyalnest-theme', 'assets', name);
const json = (text: string) => JSON.parse(text) as Record<string, unknown>;
/** The names in `const <name> = { … }` of a script. */
function keysOf(text: string, name: string): string[] {
  const [, body = ''] = new RegExp(`const ${name} = \\{([^}]*)\\}`).exec(text) ?? [];
  return [...body.matchAll(/(?:^|,)\s*(\w+)(?=:| *\()/g)].map(([, key]) => key ?? '').sort();
}
const sorted = (names: readonly string[]) => [...names].sort();

describe('the panel knows', () => {
  const home = script('loyalnest-home.js');

  it('an icon for every way to earn', () => {
    expect(keysOf(home, 'ICON')).toEqual(sorted(['purchase', 'signup', ...ACTIONS]));
  });

  it('how to claim every action', () => {
    const [, doing = ''] = /const doing = \{\n([\s\S]*?)\n {2}\};/.exec(home) ?? [];
    const known = [...doing.matchAll(/^ {4}(\w+)[:,]/gm)].map(([, name]) => name ?? '');
    expect(sorted(known)).toEqual(sorted(CLAIMED_ACTIONS));
  });

  it('where something can be shared', () => {
    expect(keysOf(home, 'SHARE')).toEqual(sorted(SHARE_NETWORKS));
  });

  it('an icon for every kind of reward', () => {
    const taggedAsPrices = ['amount_off', 'percent_off', 'coupon'];
    expect(sorted([...keysOf(script('loyalnest-kit.js'), 'KINDS'), ...taggedAsPrices])).toEqual(
      sorted(REWARD_KINDS),
    );
  });

  it.each(LANGUAGES)('texts in %s for every action, result and state', (language) => {
    const words = json(asset(`loyalnest-${language}.json`));
    const states = REDEMPTION_STATUSES.map((status) =>
      // A code that is ready is shown without a text.
      status === 'completed' ? 'ready' : status === 'returned' ? status : `${status}_short`,
    );
    for (const word of ['purchase', 'signup', ...ACTIONS, ...CLAIM_STATUSES, ...states])
      expect(words[word], word).toBeTypeOf('string');
  });

  it('the icons that its button can have', () => {
    const icons = read('loyalnest-theme', 'snippets', 'loyalnest-icon.liquid');
    const known = [...icons.matchAll(/when '(\w+)'/g)].map(([, name]) => name ?? '');
    expect(sorted(['nest', ...known])).toEqual(sorted(LAUNCHER_ICONS));
  });
});

describe('accounts and the POS know', () => {
  it('only existing failures, with texts in every language', () => {
    const [, list = ''] =
      /actionWords = new Set\(\[([^\]]*)\]/.exec(read('shared', 'words.ts')) ?? [];
    const named = [...list.matchAll(/'(\w+)'/g)].map(([, code]) => code ?? '');
    expect(named.length).toBeGreaterThan(0);
    for (const code of named) expect(ERROR_CODES).toContain(code);
    for (const extension of ['customer-account-ui', 'pos-ui'])
      for (const language of LANGUAGES) {
        const file = language === 'en' ? 'en.default.json' : `${language}.json`;
        const words = json(read(extension, 'locales', file))['failure'] as Record<string, string>;
        expect(Object.keys(words), `${extension} ${language}`).toEqual(
          expect.arrayContaining([...named, 'other']),
        );
      }
  });
});
