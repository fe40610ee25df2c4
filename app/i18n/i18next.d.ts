import 'i18next';
import type consoleEn from './console/en.json';
import type en from './en.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: { common: typeof en; console: typeof consoleEn };
  }
}
