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

const launcher = (more: object) => ({ launcher: { ...plain.launcher, ...more } });
const panel = (more: object) => ({ panel: { ...plain.panel, ...more } });
const bar = (more: object) => ({ stickyBar: { ...plain.stickyBar, ...more } });
const long = (length: number) => ({ ...none, en: 'x'.repeat(length) });
const addressOf = (length: number) => 'https://a.b/'.padEnd(length, 'x');

test.each([
  ['a launcher text of 24 letters', launcher({ text: long(24) })],
  ['a welcome of 200 letters', panel({ welcome: long(200) })],
  ['a bar of 120 letters', bar({ text: long(120) })],
  ['a title of 60 letters', { page: { color: '', title: long(60) } }],
  ['a card of 200 letters', { postPurchase: { enabled: true, text: long(200) } }],
  ['an address of 500 letters', panel({ logoUrl: addressOf(500) })],
  ['a link into the shop', bar({ link: '/pages/rewards?a=b' })],
  ['a link elsewhere', bar({ link: ' HTTPS://shop.example/a ' })],
  ['a bar with a text in one language', bar({ enabled: true, text: { ...none, fr: 'Viens' } })],
  ['the palest grey that carries white text', panel({ color: '#767676' })],
])('a merchant may write %s', (_what, more) => {
  expect(parse(more)).toHaveProperty('content');
});

test.each([
  [launcher({ text: long(25) }), { 'launcher.text.en': 'words_length' }],
  [launcher({ position: 'top' }), { 'launcher.position': 'choice' }],
  [launcher({ icon: 'skull' }), { 'launcher.icon': 'choice' }],
  [panel({ welcome: long(201) }), { 'panel.welcome.en': 'words_length' }],
  [panel({ logoUrl: addressOf(501) }), { 'panel.logo_url': 'too_long' }],
  [panel({ logoUrl: '/logo.png' }), { 'panel.logo_url': 'https_address' }],
  [panel({ logoUrl: 'https://a.b/"x' }), { 'panel.logo_url': 'https_address' }],
  [panel({ logoUrl: 'see https://a.b/x' }), { 'panel.logo_url': 'https_address' }],
  [panel({ color: '#777777' }), { 'panel.color': 'contrast' }],
  [bar({ text: long(121) }), { 'sticky_bar.text.en': 'words_length' }],
  [bar({ link: 'javascript:1' }), { 'sticky_bar.link': 'link_address' }],
  [bar({ link: 'see /pages' }), { 'sticky_bar.link': 'link_address' }],
  [bar({ link: '/pages/a b' }), { 'sticky_bar.link': 'link_address' }],
  [bar({ link: '/\\elsewhere.example' }), { 'sticky_bar.link': 'link_address' }],
  [{ page: { color: '', title: long(61) } }, { 'page.title.en': 'words_length' }],
  [
    { postPurchase: { enabled: true, text: long(201) } },
    { 'post_purchase.text.en': 'words_length' },
  ],
] as [Partial<ContentForm>, object][])('%o is refused beside its field: %o', (more, fields) => {
  expect(parse(more)).toEqual({ fields });
});

test.each([
  ['content.launcher.color', 'launcher.color', 'contrast'],
  ['content.sticky_bar.link', 'sticky_bar.link', 'link_address'],
  ['content.panel.logo_url', 'panel.logo_url', 'https_address'],
  ['content.page.title.fr', 'page.title.fr', 'words_length'],
])('what core refuses of %s stands beside %s, as %s', (refused, field, message) => {
  expect(fieldsOfRefusal(refused)).toEqual({ [field]: message });
});

test('a refusal that is not of the content is not the form’s', () => {
  expect(fieldsOfRefusal('content.')).toEqual({});
  expect(fieldsOfRefusal('a.content.page')).toEqual({});
});
