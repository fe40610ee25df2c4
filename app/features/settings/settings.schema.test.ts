import { describe, expect, it } from 'vitest';
import { parseSettingsForm } from './settings.schema.ts';

function form(values: Record<string, string>): FormData {
  const data = new FormData();
  data.set('defaultLanguage', 'fr');
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  return data;
}

describe('the settings', () => {
  it('accept the words for points in each language that has both', () => {
    expect(
      parseSettingsForm(
        form({
          'pointsName.en.one': ' Star ',
          'pointsName.en.other': 'Stars',
          'pointsName.es.one': '',
        }),
      ),
    ).toEqual({
      settings: { defaultLanguage: 'fr', pointsName: { en: { one: 'Star', other: 'Stars' } } },
    });
  });
  it('use the default English word when none is given', () => {
    expect(parseSettingsForm(form({}))).toMatchObject({
      settings: { pointsName: { en: { one: 'point', other: 'points' } } },
    });
  });
  it('refuse an incomplete name, a long one and an unknown language, each beside its field', () => {
    expect(parseSettingsForm(form({ 'pointsName.fr.one': 'étoile' }))).toEqual({
      fields: { 'pointsName.fr.other': 'required' },
    });
    expect(
      parseSettingsForm(form({ 'pointsName.fr.one': 'x'.repeat(31), 'pointsName.fr.other': 'x' })),
    ).toEqual({
      fields: { 'pointsName.fr.one': 'name_length' },
    });
    expect(parseSettingsForm(form({ defaultLanguage: 'tlh' }))).toEqual({
      fields: { defaultLanguage: 'choice' },
    });
  });
  it('take words of up to thirty letters in any language, and never one without the other', () => {
    const longest = 'x'.repeat(30);
    expect(
      parseSettingsForm(form({ 'pointsName.es.one': longest, 'pointsName.es.other': longest })),
    ).toEqual({
      settings: {
        defaultLanguage: 'fr',
        pointsName: {
          en: { one: 'point', other: 'points' },
          es: { one: longest, other: longest },
        },
      },
    });
    expect(parseSettingsForm(form({ 'pointsName.es.other': 'puntos' }))).toEqual({
      fields: { 'pointsName.es.one': 'required' },
    });
    expect(parseSettingsForm(form({ 'pointsName.en.other': 'x'.repeat(31) }))).toEqual({
      fields: { 'pointsName.en.other': 'name_length' },
    });
    expect(parseSettingsForm(form({ defaultLanguage: '', 'pointsName.en.one': 'Star' }))).toEqual({
      fields: { defaultLanguage: 'choice', 'pointsName.en.other': 'required' },
    });
  });
});
