import { expect, test } from 'vitest';
import { defaultContent } from '../../messaging/render/words-of.ts';
import {
  contentsOf,
  EMPTY_BLOCKS,
  faultsOf,
  formOf,
  isSameTemplate,
  moved,
  type DefaultContents,
} from './template-form.ts';
import { parseJson, previewForm, templateForm } from './templates.schema.ts';

const defaults: DefaultContents = {
  en: defaultContent('points_earned', 'en'),
  es: defaultContent('points_earned', 'es'),
  fr: defaultContent('points_earned', 'fr'),
};
const template = {
  type: 'points_earned',
  version: 3,
  enabled: false,
  fallbackLanguage: 'es',
  contents: [{ ...defaults.fr, subject: 'Le mien' }],
};

test('A form shows the merchant’s words where there are some, and ours elsewhere', () => {
  const form = formOf(template, defaults);
  expect(form).toMatchObject({ enabled: false, fallbackLanguage: 'es' });
  expect(form.words.fr).toMatchObject({ isOwn: true, subject: 'Le mien' });
  expect(form.words.en).toMatchObject({ isOwn: false, subject: 'You earned {{ points }}' });
  expect(isSameTemplate(form, formOf(template, defaults))).toBe(true);
});

test('Only the merchant’s words are saved, and saved as they are shown', () => {
  expect(contentsOf(formOf(template, defaults))).toEqual(template.contents);
});

test('What is wrong is known by language, block and field, of what would be saved', () => {
  const form = formOf(template, defaults);
  const blocks = [...form.words.fr.blocks, EMPTY_BLOCKS.heading, EMPTY_BLOCKS.image];
  const edited = { ...form, words: { ...form.words, fr: { ...form.words.fr, blocks } } };
  expect(Object.entries(faultsOf('points_earned', edited))).toEqual([
    ['fr.blocks.4.text', 'required'],
    ['fr.blocks.5.picture', 'required'],
  ]);
  const left = { ...form, words: { ...form.words, en: { ...form.words.en, subject: '' } } };
  expect(faultsOf('points_earned', left)).toEqual({});
});

test('A block moves by a place', () => {
  expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c']);
  expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'c', 'b']);
});

test('What is posted and no message is none', () => {
  expect(parseJson(templateForm, 'null')).toBeUndefined();
  expect(parseJson(templateForm, '{')).toBeUndefined();
  expect(parseJson(templateForm, null)).toBeUndefined();
  const asked = {
    type: 'points_earned',
    channel: 'email',
    language: 'en',
    content: { subject: 'a', blocks: '{}', text: 'b' },
    customerId: '',
  };
  expect(parseJson(previewForm, JSON.stringify(asked))).toEqual(asked);
  expect(
    parseJson(previewForm, JSON.stringify({ ...asked, type: 'gdpr_request' })),
  ).toBeUndefined();
});
