import { expect, test } from 'vitest';
import { GetWidgetResponse } from '#proto/frontend/v1/frontend.ts';
import { storefrontSettings } from './storefront-settings.ts';

const view = (one: string, other: string, branding: object = {}) =>
  GetWidgetResponse.fromPartial({
    pointsName: { one, other },
    program: { active: true },
    quote: { pointsPerUnit: '1.5', points: 3, per: 2, multiplier: '1', excludedProductIds: ['7'] },
    branding: { hasPostPurchase: true, ...branding },
  });
const plain = {
  en: view('Star', 'Stars'),
  es: view('Estrella', 'Estrellas'),
  fr: view('Étoile', 'Étoiles'),
};

test('a shop with default settings sends its names and rate to the theme', () => {
  expect(storefrontSettings(plain, 'es')).toEqual({
    default_language: 'es',
    points_name: {
      en: { one: 'Star', other: 'Stars' },
      es: { one: 'Estrella', other: 'Estrellas' },
      fr: { one: 'Étoile', other: 'Étoiles' },
    },
    program_active: true,
    quote: { rate: '1.5', rate_e4: 15_000, excluded: ['7'] },
    launcher: {},
    post_purchase: { enabled: true },
    page: {},
  });
});

test('chosen settings are sent, texts by language', () => {
  const bar = { hasStickyBar: true, stickyBarText: 'Join', stickyBarLink: '/pages/rewards' };
  const views = {
    en: view('p', 'p', {
      ...bar,
      launcherColor: '#aa3300',
      launcherIcon: 'star',
      pageTitle: 'Club',
    }),
    es: view('p', 'p', { ...bar, stickyBarText: 'Únete' }),
    fr: view('p', 'p', { ...bar, stickyBarText: '' }),
  };
  expect(storefrontSettings(views, 'en')).toMatchObject({
    launcher: { color: '#aa3300', icon: 'star' },
    sticky_bar: { enabled: true, text: { en: 'Join', es: 'Únete' }, link: '/pages/rewards' },
    page: { title: { en: 'Club' } },
  });
});

test('no rate is sent while purchases earn nothing', () => {
  const off = {
    ...plain.en,
    quote: { pointsPerUnit: '', points: 0, per: 1, multiplier: '1', excludedProductIds: [] },
  };
  expect(storefrontSettings({ ...plain, en: off }, 'en')).not.toHaveProperty('quote');
});
