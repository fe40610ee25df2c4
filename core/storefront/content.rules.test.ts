import { describe, expect, test } from 'vitest';
import { Content } from '#proto/frontend/v1/content.ts';
import {
  brandingWith,
  contentFrom,
  contentFromMessage,
  contentOfVersion,
  versionOf,
} from './content.rules.ts';
import { contrastWithWhite } from './contrast.rules.ts';

const untouched = contentFrom({ branding: {}, config: {} });
const written = (more: object = {}) =>
  Content.fromPartial({
    launcher: { color: '#0F766E', position: 'left', icon: 'star', text: { en: ' Perks ', es: '' } },
    panel: { color: '', logoUrl: 'https://cdn.example/logo.png', welcome: { fr: 'Bienvenue' } },
    stickyBar: { enabled: true, text: { en: 'Join' }, color: '#aa3300', link: '/pages/rewards' },
    page: { color: '', title: { en: 'The club' } },
    postPurchase: { enabled: true, text: {} },
    checkoutPointsDisplay: false,
    ...more,
  });
const problemOf = (more: object) => contentFromMessage(written(more));

test('contrast is what WCAG says it is', () => {
  expect(contrastWithWhite('#ffffff')).toBeCloseTo(1, 5);
  expect(contrastWithWhite('#000000')).toBeCloseTo(21, 5);
  // The two grays on either side of 4.5.
  expect(contrastWithWhite('#767676')).toBeCloseTo(4.54, 2);
  expect(contrastWithWhite('#777777')).toBeCloseTo(4.48, 2);
  expect(contrastWithWhite('#4caf50')).toBeCloseTo(2.78, 2);
});

describe('what is written', () => {
  test('is read back as it was meant, without spaces and empty texts', () => {
    expect(contentFromMessage(written())).toEqual({
      launcher: { color: '#0f766e', position: 'left', icon: 'star', text: { en: 'Perks' } },
      panel: { color: '', logoUrl: 'https://cdn.example/logo.png', welcome: { fr: 'Bienvenue' } },
      stickyBar: { enabled: true, text: { en: 'Join' }, color: '#aa3300', link: '/pages/rewards' },
      page: { color: '', title: { en: 'The club' } },
      postPurchase: { enabled: true, text: {} },
      checkoutPointsDisplay: false,
    });
  });

  test.each([
    ['launcher.color', { launcher: { ...written().launcher, color: 'green' } }],
    ['launcher.color', { launcher: { ...written().launcher, color: '#777777' } }],
    ['sticky_bar.color', { stickyBar: { enabled: false, text: {}, color: '#ffd700', link: '' } }],
    ['page.color', { page: { color: '#eee', title: {} } }],
    ['launcher.position', { launcher: { ...written().launcher, position: 'top' } }],
    ['launcher.icon', { launcher: { ...written().launcher, icon: 'skull' } }],
    ['launcher.text.es', { launcher: { ...written().launcher, text: { es: 'x'.repeat(25) } } }],
    ['page.title', { page: { color: '', title: { tlh: 'Qapla' } } }],
    ['panel.logo_url', { panel: { color: '', logoUrl: '/logo.png', welcome: {} } }],
    [
      'sticky_bar.link',
      { stickyBar: { enabled: true, text: { en: 'x' }, color: '', link: 'javascript:1' } },
    ],
    ['sticky_bar.text', { stickyBar: { enabled: true, text: { en: ' ' }, color: '', link: '' } }],
  ])('names %s when it is not right', (field, more) => {
    expect(problemOf(more)).toMatchObject({ field: `content.${field}` });
  });

  test('goes over what other features keep beside it', () => {
    const stored = {
      points_label: { en: 'Stars' },
      launcher: { shadow: 'soft', color: '#111111' },
    };
    const next = contentFromMessage(written());
    if ('field' in next) throw new Error(next.field);
    const branding = { ...stored, ...brandingWith(next, stored) };
    expect(branding).toMatchObject({
      points_label: { en: 'Stars' },
      launcher: { shadow: 'soft', color: '#0f766e' },
    });
    expect(
      contentFrom({ branding, config: { checkout_config: { points_display: false } } }),
    ).toEqual(next);
  });
});

test('a shop that has chosen nothing has the launcher at the right, card and checkout on and the bar off', () => {
  expect(untouched).toMatchObject({
    launcher: { color: '', position: 'right', icon: 'nest', text: {} },
    stickyBar: { enabled: false },
    postPurchase: { enabled: true },
    checkoutPointsDisplay: true,
  });
});

test('a version holds all of the content and nothing else', () => {
  const next = contentFromMessage(written());
  if ('field' in next) throw new Error(next.field);
  expect(contentOfVersion(versionOf(next))).toEqual(next);
  expect(contentOfVersion(versionOf(untouched))).toEqual(untouched);
});

test('what is stored by others and malformed breaks nothing', () => {
  expect(
    contentFrom({
      branding: {
        launcher: 7,
        rewards_panel: { color: '#ffd700' },
        sticky_bar: { text: 'Join', enabled: 'yes' },
        loyalty_page: [],
      },
      stickyBar: null,
      config: { checkout_config: 'on' },
    }),
  ).toEqual({ ...untouched, stickyBar: { ...untouched.stickyBar, text: { en: 'Join' } } });
});
