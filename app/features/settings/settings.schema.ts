import { z } from 'zod';
import type { PointsName } from '#proto/admin/v1/admin.ts';
import { LANGUAGES, type Language } from '../../i18n/languages.ts';
import { nameField } from './settings-form.ts';

const MAX_NAME_LENGTH = 30;
const PLAIN_ENGLISH: PointsName = { one: 'point', other: 'points' };

const name = z.string().trim().max(MAX_NAME_LENGTH);
const defaultLanguage = z.enum(LANGUAGES, 'choice');

export interface SettingsChange {
  readonly defaultLanguage: Language;
  readonly pointsName: Record<string, PointsName>;
}
type Parsed = { settings: SettingsChange } | { fields: Record<string, string> };

/** Both numbers of a language or neither; English is always there, as the others fall back to it. */
export function parseSettingsForm(form: FormData): Parsed {
  const fields: Record<string, string> = {};
  const pointsName: Record<string, PointsName> = {};
  const language = defaultLanguage.safeParse(form.get('defaultLanguage'));
  if (!language.success) fields['defaultLanguage'] = 'choice';
  for (const each of LANGUAGES) {
    const read = (number: 'one' | 'other') => {
      const typed = name.safeParse(form.get(nameField(each, number)) ?? '');
      if (!typed.success) fields[nameField(each, number)] = 'name_length';
      return typed.data;
    };
    const [one, other] = [read('one'), read('other')];
    if (one === undefined || other === undefined) continue;
    if (one === '' && other !== '') fields[nameField(each, 'one')] = 'required';
    if (one !== '' && other === '') fields[nameField(each, 'other')] = 'required';
    if (one !== '' && other !== '') pointsName[each] = { one, other };
  }
  if (!language.success || Object.keys(fields).length > 0) return { fields };
  return {
    settings: { defaultLanguage: language.data, pointsName: { en: PLAIN_ENGLISH, ...pointsName } },
  };
}
