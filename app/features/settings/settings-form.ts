import type { Settings } from '#proto/admin/v1/admin.ts';
import { isLanguage, LANGUAGES, type Language } from '../../i18n/languages.ts';

/** Settings as a form holds them. */
export interface SettingsForm {
  defaultLanguage: Language;
  names: Record<Language, { one: string; other: string }>;
}

export function settingsFormOf(settings: Settings): SettingsForm {
  const nameIn = (language: Language) => {
    const name = settings.pointsName[language];
    return { one: name?.one ?? '', other: name?.other ?? '' };
  };
  return {
    defaultLanguage: isLanguage(settings.defaultLanguage) ? settings.defaultLanguage : 'en',
    names: { en: nameIn('en'), es: nameIn('es'), fr: nameIn('fr') },
  };
}

export function isSameSettings(one: SettingsForm, other: SettingsForm): boolean {
  return (
    one.defaultLanguage === other.defaultLanguage &&
    LANGUAGES.every(
      (language) =>
        one.names[language].one === other.names[language].one &&
        one.names[language].other === other.names[language].other,
    )
  );
}

/** The name of a points field in the form and in its messages. */
export function nameField(language: Language, form: 'one' | 'other'): string {
  return `pointsName.${language}.${form}`;
}
