import { expect, test } from 'vitest';
import { contentIn, defaultContent } from './words-of.ts';

test('A reader gets the merchant’s words in their language, else ours in it', () => {
  const french = { language: 'fr', subject: 'Le mien', blocks: '{"blocks":[]}', text: 'Le mien' };
  const template = { contents: [french] };
  expect(contentIn(template, 'points_earned', 'fr')).toEqual(french);
  expect(contentIn(template, 'points_earned', 'es')).toEqual(defaultContent('points_earned', 'es'));
});
