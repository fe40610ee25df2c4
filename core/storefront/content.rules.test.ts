import { describe, expect, test } from 'vitest';
import { Content } from '#proto/frontend/v1/content.ts';
import {
  brandingWith,
  contentFrom,
  contentFromMessage,
  contentOfVersion,
  showsPointsAtCheckout,
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

describe('how long a text may be', () => {
  const limits = [
    ['launcher.text', 24, (text: object) => ({ launcher: { ...written().launcher, text } })],
    ['panel.welcome', 200, (welcome: object) => ({ panel: { ...written().panel, welcome } })],
    ['sticky_bar.text', 120, (text: object) => ({ stickyBar: { ...written().stickyBar, text } })],
    ['page.title', 60, (title: object) => ({ page: { color: '', title } })],
    ['post_purchase.text', 200, (text: object) => ({ postPurchase: { enabled: true, text } })],
  ] as const;

  test.each(limits)('of %s: %s characters', (field, most, change) => {
    expect(problemOf(change({ fr: ` ${'x'.repeat(most)} ` }))).not.toHaveProperty('field');
    expect(problemOf(change({ fr: 'x'.repeat(most + 1) }))).toEqual({
      field: `content.${field}.fr`,
      message: `at most ${most} characters`,
    });
    expect(problemOf(change({ de: 'x' }))).toEqual({
      field: `content.${field}`,
      message: 'in en, es, fr',
    });
  });

  test('of an address: 500 characters', () => {
    const logo = (length: number) => ({
      panel: { color: '', welcome: {}, logoUrl: `https://${'x'.repeat(length - 8)}` },
    });
    expect(problemOf(logo(500))).not.toHaveProperty('field');
    expect(problemOf(logo(501))).toMatchObject({ field: 'content.panel.logo_url' });
  });
});

test('colours are six digits that carry white text, on every part', () => {
  const panel = { color: '#777777', logoUrl: '', welcome: {} };
  expect(problemOf({ panel })).toEqual({
    field: 'content.panel.color',
    message: 'a contrast of at least 4.5 with white text',
  });
  for (const color of ['#12345', '#1234567', '112233', '#11223g'])
    expect(problemOf({ page: { color, title: {} } }), color).toEqual({
      field: 'content.page.color',
      message: 'a colour such as #0f766e',
    });
  expect(problemOf({ page: { color: ' #112233 ', title: {} } })).toMatchObject({
    page: { color: '#112233' },
  });
  expect(problemOf({ page: { color: '#767676', title: {} } })).toMatchObject({
    page: { color: '#767676' },
  });
});

test('points are shown at the checkout unless the merchant said not to', () => {
  expect(showsPointsAtCheckout(undefined)).toBe(true);
  expect(showsPointsAtCheckout({ checkout_config: { points_display: null } })).toBe(true);
  expect(showsPointsAtCheckout({ checkout_config: { points_display: false } })).toBe(false);
});

test('a part that is not told is as a shop has it that has chosen nothing', () => {
  const { launcher } = written();
  const bare = contentFromMessage(Content.fromPartial({ launcher, checkoutPointsDisplay: true }));
  expect(bare).toEqual({
    ...untouched,
    launcher: { color: '#0f766e', position: 'left', icon: 'star', text: { en: 'Perks' } },
  });
  expect(brandingWith(Content.fromPartial({}), {})).toEqual({
    launcher: { color: '', position: 'right', icon: 'nest', text: {} },
    rewards_panel: { color: '', logo_url: '', welcome: {} },
    sticky_bar: { enabled: false, text: {}, color: '', link: '' },
    loyalty_page: { color: '', title: {} },
    post_purchase: { enabled: true, text: {} },
  });
  expect(problemOf({ launcher: undefined })).toEqual({
    field: 'content.launcher.position',
    message: 'left or right',
  });
});

test('what other features keep in a part stays in it', () => {
  const parts = ['launcher', 'rewards_panel', 'sticky_bar', 'loyalty_page', 'post_purchase'];
  const stored = Object.fromEntries(parts.map((part) => [part, { note: part }]));
  const branding = brandingWith(untouched, stored) as Record<string, { note: string }>;
  for (const part of parts) expect(branding[part]?.note).toBe(part);
});
