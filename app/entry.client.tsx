import { RemixBrowser, useLocation, useMatches } from '@remix-run/react';
import i18next from 'i18next';
import { startTransition, StrictMode, useEffect } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { I18nextProvider, initReactI18next } from 'react-i18next';
import { i18nConfig, loadWords } from './i18n/config.ts';
import { languageOfTag } from './i18n/languages.ts';
import { haveWords } from './i18n/next-words.ts';

// 50 kB that are only downloaded if error reporting is configured.
const dsn = document.documentElement.dataset['sentryDsn'];
if (dsn) {
  void import('@sentry/remix').then((sentry) => {
    sentry.init({
      dsn,
      sendDefaultPii: false,
      integrations: [sentry.browserTracingIntegration({ useEffect, useLocation, useMatches })],
    });
  });
}

async function hydrate(): Promise<void> {
  const language = languageOfTag(document.documentElement.lang);
  const { pathname } = window.location;
  await i18next.use(initReactI18next).init({
    ...i18nConfig,
    lng: language,
    resources: { [language]: await loadWords(language, pathname) },
  });
  haveWords(pathname);
  startTransition(() => {
    hydrateRoot(
      document,
      <I18nextProvider i18n={i18next}>
        <StrictMode>
          <RemixBrowser />
        </StrictMode>
      </I18nextProvider>,
    );
  });
}
void hydrate();
