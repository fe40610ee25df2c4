import { readFileSync } from 'node:fs';
import path from 'node:path';
import { render } from 'preact';

type Catalog = { readonly [key: string]: string | Catalog };

export type Language = 'en.default' | 'es' | 'fr';

/** Shopify's `i18n` on the extension's own words: a word that is missing, or wants what it is not given, throws. */
export function i18nOf(extension: string, language: Language = 'en.default') {
  const file = path.resolve('extensions', extension, 'locales', `${language}.json`);
  const catalog = JSON.parse(readFileSync(file, 'utf8')) as Catalog;
  const tag = language.slice(0, 2);
  return {
    translate(key: string, values: Readonly<Record<string, string | number>> = {}): never {
      const found = key
        .split('.')
        .reduce<string | Catalog | undefined>(
          (at, part) => (typeof at === 'object' ? at[part] : undefined),
          catalog,
        );
      if (typeof found !== 'string') throw new Error(`${extension} has no words for ${key}`);
      // Shopify's type of this function depends on what is put in.
      return found.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
        const value = values[name];
        if (value === undefined) throw new Error(`${key} wants a ${name}`);
        return String(value);
      }) as never;
    },
    formatNumber: (number: number | bigint) => new Intl.NumberFormat(tag).format(number),
    formatCurrency: (number: number | bigint, options?: Intl.NumberFormatOptions) =>
      new Intl.NumberFormat(tag, { style: 'currency', ...options }).format(number),
    formatDate: (date: Date, options?: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(tag, options).format(date),
  };
}

export interface Call {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string;
  readonly body: unknown;
}

/** What the app answers, by path below /extension/: JSON, or a code to refuse with. */
export type Answers = Record<string, (call: Call) => unknown>;

export class Refusal {
  readonly code: string;

  constructor(code: string) {
    this.code = code;
  }
}

/** A fake app: answers as configured and records requests. */
export class FakeApp {
  readonly calls: Call[] = [];
  answers: Answers;

  constructor(answers: Answers) {
    this.answers = answers;
  }

  readonly fetch = (input: unknown, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(String(input), 'https://app.example.test');
    const call: Call = {
      path: url.pathname.replace('/extension/', ''),
      query: url.searchParams,
      authorization: new Headers(init.headers).get('authorization') ?? '',
      body: typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined,
    };
    this.calls.push(call);
    const answer = this.answers[call.path];
    if (answer === undefined) return Promise.reject(new TypeError('Failed to fetch'));
    const answered = answer(call);
    return Promise.resolve(
      answered instanceof Refusal
        ? Response.json({ error: { code: answered.code } }, { status: 409 })
        : Response.json(answered),
    );
  };
}

/** Removes the previous test's page: Preact would continue with it. */
export const clearPage = (): void => render(null, document.body);

/** What a person reads on the page, words of attributes included. */
export function readable(root: ParentNode): string {
  const words: string[] = [];
  const visit = (node: Node) => {
    if (node.nodeType === 3) words.push(node.textContent ?? '');
    if (!(node instanceof Element)) return;
    for (const name of ['heading', 'subheading', 'label']) {
      const value = node.getAttribute(name) ?? (node as unknown as Record<string, unknown>)[name];
      if (typeof value === 'string' && value !== '') words.push(value);
    }
    for (const child of node.childNodes) visit(child);
  };
  for (const child of root.childNodes) visit(child);
  return words.join(' | ');
}

/** The button with this text. */
export function button(label: string): HTMLElement {
  const found = [...document.querySelectorAll<HTMLElement>('s-button')].find(
    (one) => (one.textContent ?? '').trim() === label,
  );
  if (found === undefined)
    throw new Error(`there is no button "${label}" in: ${readable(document.body)}`);
  return found;
}
