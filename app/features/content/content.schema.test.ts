import { expect, test } from 'vitest';
import { Content } from '#proto/frontend/v1/content.ts';
import { fieldsOfRefusal, parseContentForm } from './content.schema.ts';
import { formOf, surfaceOf } from './content-form.ts';
import type { ContentForm } from './content-form.ts';

const plain = formOf(Content.fromPartial({}));
const parse = (more: Partial<ContentForm>) =>
  parseContentForm(JSON.stringify({ ...plain, ...more }));
const none = { en: '', es: '', fr: '' };

test('unchanged content is saved unchanged', () => {
  expect(parse({})).toEqual({
    content: {
      launcher: { color: '', position: 'right', icon: 'nest', text: {} },
      panel: { color: '', logoUrl: '', welcome: {} },
      stickyBar: { enabled: false, text: {}, color: '', link: '' },
      page: { color: '', title: {} },
      postPurchase: { enabled: true, text: {} },
      checkoutPointsDisplay: false,
    },
  });
});

test('colors are normalized, and texts trimmed without empty languages', () => {
  expect(
    parse({
      launcher: { color: 'A30', position: 'left', icon: 'star', text: { ...none, es: ' Ven ' } },
    }),
  ).toMatchObject({ content: { launcher: { color: '#aa3300', text: { es: 'Ven' } } } });
});

test('each invalid field is named, with its tab', () => {
  const parsed = parse({
    launcher: { ...plain.launcher, color: '#ffd700', text: { ...none, fr: 'x'.repeat(25) } },
    panel: { color: 'teal', logoUrl: 'http://plain.example/a.png', welcome: none },
    stickyBar: { enabled: true, text: none, color: '', link: '//elsewhere.example' },
  });
  expect(parsed).toEqual({
    fields: {
      'launcher.color': 'contrast',
      'launcher.text.fr': 'words_length',
      'panel.color': 'color',
      'panel.logo_url': 'https_address',
      'sticky_bar.link': 'link_address',
      'sticky_bar.text.en': 'bar_text',
    },
  });
  expect(['launcher.color', 'sticky_bar.text.en', 'post_purchase.text.en'].map(surfaceOf)).toEqual([
    'launcher',
    'bar',
    'after',
  ]);
});

test('a refusal by core is shown beside its field', () => {
  expect(fieldsOfRefusal('content.sticky_bar.color')).toEqual({ 'sticky_bar.color': 'contrast' });
  expect(fieldsOfRefusal('content.sticky_bar.text')).toEqual({ 'sticky_bar.text.en': 'bar_text' });
  expect(fieldsOfRefusal('version')).toEqual({});
});

test('malformed input is refused, not thrown', () => {
  expect(parseContentForm('{')).toHaveProperty('fields');
});
