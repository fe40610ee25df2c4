import { expect, test } from 'vitest';
import { Content } from '#proto/frontend/v1/content.ts';
import { GetWidgetResponse } from '#proto/frontend/v1/frontend.ts';
import { storefrontSettings } from '../../storefront-settings/storefront-settings.ts';
import { formOf, type ContentForm } from '../content-form.ts';
import { draftBranding, draftSettings, previewDocument, wordsFor } from './preview-document.ts';
import { bundledTheme } from './theme-files.ts';

const plain = formOf(Content.fromPartial({}));
const none = { en: '', es: '', fr: '' };
const name = { one: 'point', other: 'points' };
const pointsNames = { en: name, es: name, fr: name };
const written: ContentForm = {
  launcher: { color: 'A30', position: 'left', icon: 'crown', text: { ...none, en: 'Perks' } },
  panel: { color: '', logoUrl: 'https://cdn.example/l.png', welcome: { ...none, fr: 'Bienvenue' } },
  stickyBar: { enabled: true, text: { ...none, en: '<b>Join' }, color: '#112233', link: '/a' },
  page: { color: '', title: { ...none, en: 'The club' } },
  postPurchase: { enabled: true, text: none },
  checkoutPointsDisplay: true,
};
const input = (more: Partial<Parameters<typeof previewDocument>[0]> = {}) => ({
  form: written,
  surface: 'launcher' as const,
  language: 'en' as const,
  defaultLanguage: 'en' as const,
  widget: { points_name: name, customer: { balance: 1250 }, recent: [], quote: null },
  pictures: '/pictures/shop/',
  pointsNames,
  page: { shop: 'mugs & more', goods: 'Goods' },
  checkout: { title: 'Order', total: '$50.00', points: 'This order earns 500 points' },
  ...more,
});
const paint = (more = {}) => previewDocument(input(more), bundledTheme('https://app.example/w/'));

test('a draft is rendered with what saving it would write for the theme', () => {
  const view = (text: string, welcome: string) =>
    GetWidgetResponse.fromPartial({
      pointsName: name,
      program: { active: true },
      branding: {
        launcherColor: '#aa3300',
        launcherPosition: 'left',
        launcherIcon: 'crown',
        launcherText: text,
        welcome,
        pageTitle: 'The club',
        hasStickyBar: true,
        stickyBarText: '<b>Join',
        stickyBarColor: '#112233',
        stickyBarLink: '/a',
        hasPostPurchase: true,
      },
    });
  const saved = view('Perks', 'Bienvenue');
  expect(draftSettings({ form: written, defaultLanguage: 'en', pointsNames })).toEqual(
    storefrontSettings({ en: saved, es: saved, fr: saved }, 'en'),
  );
});

test('the page has the shop’s look, and no injected markup', () => {
  const html = paint();
  expect(html).toContain('--brand:#aa3300');
  expect(html).toContain('M3 8l4.5 4L12 5l4.5 7L21 8l-2 11H5z');
  expect(html).toContain('root auto own start');
  expect(html).toContain('&lt;b&gt;Join');
  expect(html).toContain('mugs &#38; more');
  expect(html).toContain('https://app.example/w/loyalnest-panel.js');
  expect(html).not.toContain('<b>Join');
  const guest = paint({ widget: { points_name: name, customer: null, recent: [], quote: null } });
  expect(guest).toContain('Perks');
  expect(paint({ surface: 'page' })).toContain('The club');
});

test('values that a save would refuse are left out of the preview', () => {
  const html = paint({
    form: {
      ...written,
      launcher: { ...written.launcher, color: 'red;}"><script>' },
      stickyBar: { ...written.stickyBar, link: 'javascript:alert(1)' },
    },
  });
  expect(html).not.toContain('red;}');
  expect(html).not.toContain('javascript:');
  const pale = { ...written, launcher: { ...written.launcher, color: '#4caf50' } };
  expect(paint({ form: pale })).toContain('--brand:#1d8828');
  const withLogo = (logoUrl: string) =>
    draftBranding(input({ form: { ...written, panel: { color: '', logoUrl, welcome: none } } }));
  expect(withLogo('http://plain.example')).toEqual({ color: '#aa3300' });
  expect(withLogo(`picture:${'0'.repeat(32)}`)).toEqual({
    color: '#aa3300',
    logo_url: `/pictures/shop/${'0'.repeat(32)}.webp`,
  });
});

test('the checkout sketch shows what the checkout would show, or nothing', () => {
  expect(paint({ surface: 'checkout' })).toContain('This order earns 500 points');
  const silent = { ...written, checkoutPointsDisplay: false };
  expect(paint({ surface: 'checkout', form: silent })).not.toContain('This order earns');
});

test('texts are in the language, else the shop’s, else English, else any', () => {
  expect(wordsFor({ en: 'a', es: 'b', fr: 'c' }, 'es', 'fr')).toBe('b');
  expect(wordsFor({ en: 'a', es: ' ', fr: 'c' }, 'es', 'fr')).toBe('c');
  expect(wordsFor({ en: 'a', es: '', fr: '' }, 'es', 'fr')).toBe('a');
  expect(wordsFor({ en: '', es: 'b', fr: '' }, 'fr', 'en')).toBe('b');
  expect(wordsFor(plain.page.title, 'fr', 'en')).toBe('');
});
