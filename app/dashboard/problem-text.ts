import { useTranslation } from 'react-i18next';
import type { CoreErrorCode } from '../core-client/errors.server.ts';
import type en from '../i18n/locales/en/dashboard.json';

export type FieldMessage = keyof typeof en.fields;

/** Texts for failures. A full record: a code without a text does not compile. */
export function useProblemText(): (code: CoreErrorCode) => string {
  const { t } = useTranslation();
  return (code) => t(`errors.${code}`);
}

/** The error beside a field, or undefined. */
export function useFieldError(
  fields: Readonly<Record<string, string>>,
): (name: string) => string | undefined {
  const { t, i18n } = useTranslation();
  return (name) => {
    const key = fields[name];
    if (key === undefined) return undefined;
    const path = `fields.${key}`;
    return t((i18n.exists(path) ? path : 'fields.invalid') as `fields.${FieldMessage}`);
  };
}
