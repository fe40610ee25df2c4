import type { i18n } from 'i18next';
import { isDashboard, loadWords } from './config.ts';
import { languageOfTag } from './languages.ts';
import { pageAt } from './page-words.ts';

/** By page: the words that were asked for beside the document's own; done once they can be shown. */
const asked = new Map<string, { isDone: boolean; readonly done: Promise<void> }>();

const nameOf = (pathname: string): string => pageAt(pathname) ?? '';

/** The document was rendered with these. */
export function haveWords(pathname: string): void {
  asked.set(nameOf(pathname), { isDone: true, done: Promise.resolve() });
}

/**
 * Sees to the words of a page that one is on the way to, or at.
 * @returns a promise where they are not there yet
 */
export function wordsFor(pathname: string, i18next: i18n): Promise<void> | undefined {
  // A server has all of them.
  if (typeof document === 'undefined' || !isDashboard(pathname)) return undefined;
  const name = nameOf(pathname);
  let words = asked.get(name);
  if (words === undefined) {
    words = { isDone: false, done: add(pathname, i18next) };
    asked.set(name, words);
  }
  return words.isDone ? undefined : words.done;
}

async function add(pathname: string, i18next: i18n): Promise<void> {
  const language = languageOfTag(i18next.language);
  try {
    const words = await loadWords(language, pathname);
    for (const [namespace, texts] of Object.entries(words))
      i18next.addResourceBundle(language, namespace, texts, true, true);
    const now = asked.get(nameOf(pathname));
    if (now !== undefined) now.isDone = true;
  } catch {
    // A release has replaced the files that this document knows of: its successor knows where they are.
    window.location.assign(pathname);
    await new Promise(() => undefined);
  }
}
