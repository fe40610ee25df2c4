import 'i18next';
import type { Catalog } from './config.ts';
import type consoleEn from './locales/en/console.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: { common: Catalog; console: typeof consoleEn };
  }
}
