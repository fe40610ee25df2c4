import { expect, test } from 'vitest';
import { contentIn, defaultContent, readerLanguage } from './words-of.ts';

const french = { language: 'fr', subject: 'Le mien', blocks: '{"blocks":[]}', text: 'Le mien' };

test('A reader gets the merchant’s words in their language, else ours in it', () => {
  const template = { contents: [french] };
  expect(contentIn(template, 'points_earned', 'fr')).toEqual(french);
  expect(contentIn(template, 'points_earned', 'es')).toEqual(defaultContent('points_earned', 'es'));
});

test('A reader of a language that we do not speak is written to in the fallback', () => {
  expect(readerLanguage('fr-CA', { fallbackLanguage: 'es' })).toBe('fr');
  expect(readerLanguage('de', { fallbackLanguage: 'es' })).toBe('es');
  expect(readerLanguage('', { fallbackLanguage: 'es' })).toBe('es');
  expect(readerLanguage('', { fallbackLanguage: 'xx' })).toBe('en');
});
