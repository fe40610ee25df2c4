import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fromRoot } from '../../infra/local/paths.ts';

// The words of everything that merchants, shoppers, staff at the POS and our own team read.

const languages = ['en', 'es', 'fr'] as const;
type Language = (typeof languages)[number];

interface Text {
  surface: string;
  key: string;
  value: string;
}

function leaves(node: unknown, key = ''): { key: string; value: string }[] {
  if (typeof node === 'string') return [{ key, value: node }];
  return Object.entries(node as Record<string, unknown>).flatMap(([name, child]) =>
    leaves(child, key === '' ? name : `${key}.${name}`),
  );
}

const read = (surface: string, file: string): Text[] =>
  leaves(JSON.parse(readFileSync(fromRoot(file), 'utf8'))).map((leaf) => ({ surface, ...leaf }));

function textsIn(language: Language): Text[] {
  const app = readdirSync(fromRoot(`app/i18n/locales/${language}`)).flatMap((file) =>
    read(file.replace('.json', ''), `app/i18n/locales/${language}/${file}`),
  );
  const extensions = ['checkout-ui', 'customer-account-ui', 'pos-ui', 'loyalnest-theme'].flatMap(
    (extension) => {
      const folder = `extensions/${extension}/locales`;
      return readdirSync(fromRoot(folder))
        .filter((file) => file.startsWith(`${language}.`))
        .flatMap((file) =>
          read(file.includes('schema') ? `${extension}-schema` : extension, `${folder}/${file}`),
        );
    },
  );
  const widget = read('widget', `extensions/loyalnest-theme/assets/loyalnest-${language}.json`);
  return [...app, ...extensions, ...widget];
}

const texts = Object.fromEntries(
  languages.map((language) => [language, textsIn(language)]),
) as Record<Language, Text[]>;
const named = ({ surface, key, value }: Text) => `${surface} ${key}: ${value}`;
const offending = (language: Language, pattern: RegExp, except: readonly string[] = []) =>
  texts[language]
    .filter(({ key, value }) => pattern.test(value) && !except.includes(key))
    .map(named);

const glossary: [Language, string, RegExp][] = [
  ['en', 'program, not programme', /programme/i],
  ['en', 'tier, not level or ladder', /\b(levels?|ladder)\b/i],
  ['en', 'expire, not lapse', /\b(lapse|live longer|put(ting)? off|good (for|until))\b/i],
  ['en', 'customers and members, not everybody', /\b(everybody|whoever|somebody|nobody)\b/i],
  ['en', 'discount code, not coupon', /coupon/i],
  ['en', 'return, not give back', /\b(g[ia]ve|given|takes?|taken|taking) back\b/i],
  ['en', 'deducted for a refund, not goes back', /\b(goes?|come|came|are|is) back\b/i],
  ['en', 'POS, not till or counter', /\b(till|counter)\b/i],
  [
    'en',
    'US spelling',
    /colour|e-mail|catalogue|cancelled|favour|honour|licen[cs]e[ds]? to|\w+ise[ds]?\b(?<!\b(raised?|otherwise|likewise|exercise[ds]?|promised?|precise|advised?|rises?|enterprise))/i,
  ],
  ['en', 'Churned or Inactive, not gone', /\bgone\b/i],
  [
    'en',
    'minimum and maximum, not least and most',
    /\b(at the least|least purchase|no bound|dearer)\b/i,
  ],
  ['en', 'automatically, not by itself', /\b(by (it|them)sel(f|ves)|notices)\b/i],
  ['en', 'not verified, not on the customer’s word', /on the customer’s word|on trust/i],
  ['en', 'turn on and activate, not switch', /\bswitch(ed)? (on|off)\b/i],
  ['en', 'store, as Shopify says', /\b(shop|shops)\b(?!\S)/i],
  ['en', 'history, not ledger', /\bledger\b/i],
  ['en', 'leave blank, not empty', /\bempty\b/i],
  ['en', 'URL, not address of a page', /https address|address of/i],
  ['es', 'tú, not usted', /\b(usted|ustedes|su cuenta|puede usted|haga|introduzca|elija|pulse)\b/i],
  ['es', 'Fieles, not Leales', /\bleales\b/i],
  ['es', 'código de descuento, not cupón', /cup[oó]n/i],
  ['es', 'objetivo, not diana', /\bdiana\b/i],
  ['es', 'devolver los puntos, not han vuelto', /han vuelto/i],
  ['es', 'sin verificación', /la palabra del cliente/i],
  ['es', 'automáticamente, not solas', /empiezan? y terminan? sol|lo nota\b/i],
  ['es', 'introduce, not escribe', /^escribe un (número|valor|color)/i],
  ['fr', 'vous, not tu', /(?<!\p{L})(tu|ton|tes|toi)(?!\p{L})/iu],
  ['fr', 'paliers, not niveaux', /\bniveaux?\b/i],
  ['fr', 'code de réduction, not coupon', /\bcoupon/i],
  ['fr', 'recréditer, not rendre or reprendre', /\b(rendus?|reprise?s?|reprend\w*|revenus)\b/i],
  ['fr', 'sans vérification', /sur la parole/i],
  ['fr', 'automatiquement, not toute seule', /toutes? seules?|d’elle-même/i],
  ['fr', 'livraison gratuite, not offerte', /livraison offerte/i],
];

// Names of settings of Shopify, and sentences in which the word means something else.
const meansOtherwise: Readonly<Record<string, readonly string[]>> = {
  'tier, not level or ladder': [],
  'paliers, not niveaux': [],
  'recréditer, not rendre or reprendre': [
    'home.setup.resume',
    'erasures.resume',
    'erasures.resumeOf',
    'erasures.confirm',
  ],
  'Churned or Inactive, not gone': [],
  'automatiquement, not toute seule': ['home.setup.intro', 'home.setup.add_widget.body'],
};

test.each(glossary)('%s: %s', (language, rule, pattern) => {
  expect(offending(language, pattern, meansOtherwise[rule])).toEqual([]);
});

test.each(languages)('in %s apostrophes and quotation marks are typographic', (language) => {
  const marks = { en: /['"«»]/, es: /['"“”]/, fr: /['"“”]/ }[language];
  expect(offending(language, marks)).toEqual([]);
});

test('French has its space before double marks', () => {
  expect(
    offending('fr', /[^\s\u00a0\u202f\d[][?!;»](?!\d)|[^\s\u00a0\u202f\d\]/s}][:](?![/\d])/),
  ).toEqual([]);
});

test('French never begins a line with a mark', () => {
  expect(offending('fr', /« | [:;?!%»]/)).toEqual([]);
});

// Parts of sentences, roles and states that stand after other words.
const fragments =
  /^(home\.tips\.each\..*\.title|customer\.tier\.(or|and|reasons\..*)|customer\.ledger\.(staff|support)|customer\.score\.ofFive|campaign\.(triggers\..*|preview\.(of.*|discountNote))|referralProgram\.goal\.(first_order|signup)|tiers\.preview\.(atOnce|entryMembers_.*|entryRewardsNote|freeShippingNote)|rewards\.each|and|or|per|multiplierSources\..*|roles\..*|unwell\.each\..*|erasures\.(waiting|stopped|cancelled|erased)|admins\.(active|disabled|invited|yes|no|never|you)|home\.(ofAll|since)|settings\.plans\..*|tier\.(and|or)|rewards\.(costFrom|minPurchase)|spend\.(costFrom|gift)|points\..*|points|to_earn|to_spend|and_then|until|from_spend|balance\.none)$/;

test.each(languages)(
  'in %s a text begins with a capital, and no word is in capitals',
  (language) => {
    const small = texts[language]
      .filter(({ key, value }) => !fragments.test(key) && /^\p{Ll}/u.test(value))
      .map(named);
    expect(small).toEqual([]);
    expect(offending(language, /\b\p{Lu}{5,}\b/u)).toEqual([]);
  },
);

test.each(languages)('in %s a button is at most 30 characters long', (language) => {
  const isButton =
    /(^|\.)(submit|action|retry|undo|save|discard|upgrade|see|publish|open|add|create|allow|confirm|turnOn|restore|replay|redeem|copy|apply|get_code)$/;
  const long = texts[language].filter(
    ({ key, value }) => isButton.test(key) && value.length > 30 && !/\.(done|lines)\./.test(key),
  );
  expect(long.map(named)).toEqual([]);
});

// The same word in both languages, names, and texts of placeholders alone.
const same = new Set(
  'Actions|Active|Audience|Cashback|Champions|Code|Collection|Console|Date|Dates|Description|Enterprise|Expiration|Facebook|Inactive|Instagram|Marketing|Message|POS|Pages|Panel|Plan|Plural|Plus|Points|Position|Score|Segment|Segments|Singular|Standard|TikTok|Type|VIP|Version|Webhooks|WhatsApp|active|extra|no|point|points'.split(
    '|',
  ),
);
test.each(['es', 'fr'] as const)('in %s nothing is left in English', (language) => {
  const english = new Map(texts.en.map(({ surface, key, value }) => [`${surface} ${key}`, value]));
  const left = texts[language].filter(({ surface, key, value }) => {
    const words = value.replaceAll(/\{\{?\s*\w+\s*\}?\}|\[\w+\]|[^\p{L} ]/gu, '').trim();
    if (english.get(`${surface} ${key}`) !== value || same.has(words)) return false;
    return /\p{L}{2}/u.test(words);
  });
  expect(left.map(named)).toEqual([]);
});
