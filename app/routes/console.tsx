import type { LinksFunction, MetaFunction } from '@remix-run/node';
import { Link, Outlet, useLoaderData, useRouteLoaderData } from '@remix-run/react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { loadWords } from '../features/console/words.server.ts';
import { Narrow } from '../features/console/parts.tsx';
import styles from '../styles/console.css?url';

export const links: LinksFunction = () => [{ rel: 'stylesheet', href: styles }];
export const meta: MetaFunction = () => [
  { title: 'LoyalNest console' },
  { name: 'robots', content: 'noindex' },
];
export const loader = loadWords;
export const shouldRevalidate = () => false;

type Words = { language: string; words: object };

/** On the page of a failure that came before the loaders (a form sent to a page without one) there is nothing loaded. */
const wordsIn = (loaded: Words | null | undefined) => loaded ?? undefined;

/** The console's words come with its pages, so that no merchant downloads them. */
function useConsoleWords(loaded: Words | undefined) {
  const { i18n } = useTranslation();
  useState(() => {
    if (loaded !== undefined)
      i18n.addResourceBundle(loaded.language, 'console', loaded.words, true, true);
  });
}

export default function ConsoleLayout() {
  useConsoleWords(useLoaderData<typeof loader>());
  return <Outlet />;
}

export function ErrorBoundary() {
  const loaded = wordsIn(useRouteLoaderData<typeof loader>('routes/console'));
  useConsoleWords(loaded);
  const { t } = useTranslation();
  const { t: own } = useTranslation('console');
  if (loaded === undefined)
    return <Narrow title={t('errors.title')}>{t('errors.internal')}</Narrow>;
  return (
    <Narrow title={own('error.title')}>
      <p>{own('problems.other')}</p>
      <Link to="/console" className="c-quiet" reloadDocument>
        {own('error.back')}
      </Link>
    </Narrow>
  );
}
