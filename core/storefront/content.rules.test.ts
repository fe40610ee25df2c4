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
  // Each of the three, dark and light.
  expect(contrastWithWhite('#ff0000')).toBeCloseTo(3.998, 3);
  expect(contrastWithWhite('#00ff00')).toBeCloseTo(1.372, 3);
  expect(contrastWithWhite('#0000ff')).toBeCloseTo(8.592, 3);
  expect(contrastWithWhite('#0a0a0a')).toBeCloseTo(19.798, 3);
  expect(contrastWithWhite('#0b0b0b')).toBeCloseTo(19.683, 3);
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

  const bar = (more: object) => ({
    stickyBar: { enabled: true, text: { en: 'x' }, color: '', link: '', ...more },
  });
  const launcher = (more: object) => ({ launcher: { ...written().launcher, ...more } });
  const panel = (more: object) => ({ panel: { color: '', logoUrl: '', welcome: {}, ...more } });
  const aColor = 'a color such as #0f766e';
  const contrast = 'a contrast of at least 4.5 with white text';
  const anAddress = 'an address that begins with https://';

  test.each([
    ['launcher.color', aColor, launcher({ color: 'green' })],
    ['launcher.color', contrast, launcher({ color: '#777777' })],
    ['panel.color', aColor, panel({ color: '#11223344' })],
    ['sticky_bar.color', contrast, bar({ color: '#ffd700', enabled: false })],
    ['page.color', aColor, { page: { color: '#eee', title: {} } }],
    ['launcher.position', 'left or right', launcher({ position: 'top' })],
    ['launcher.icon', 'one of nest, star, gift, heart, crown', launcher({ icon: 'skull' })],
    ['launcher.position', 'left or right', { launcher: undefined }],
    ['launcher.text.es', 'at most 24 characters', launcher({ text: { es: 'x'.repeat(25) } })],
    ['panel.welcome.en', 'at most 200 characters', panel({ welcome: { en: 'x'.repeat(201) } })],
    ['sticky_bar.text.fr', 'at most 120 characters', bar({ text: { fr: 'x'.repeat(121) } })],
    [
      'page.title.en',
      'at most 60 characters',
      { page: { color: '', title: { en: 'x'.repeat(61) } } },
    ],
    [
      'post_purchase.text.en',
      'at most 200 characters',
      { postPurchase: { enabled: true, text: { en: 'x'.repeat(201) } } },
    ],
    ['page.title', 'in en, es, fr', { page: { color: '', title: { tlh: 'Qapla' } } }],
    ['panel.logo_url', anAddress, panel({ logoUrl: '/logo.png' })],
    ['panel.logo_url', anAddress, panel({ logoUrl: 'picture:1' })],
    ['panel.logo_url', anAddress, panel({ logoUrl: `https://a.b/${'x'.repeat(489)}` })],
    ['sticky_bar.link', anAddress, bar({ link: 'javascript:1' })],
    ['sticky_bar.text', 'a text in one language at least', bar({ text: { en: ' ' } })],
  ])('names %s, which must be %s', (field, message, more) => {
    expect(problemOf(more)).toEqual({ field: `content.${field}`, message });
  });

  test.each([
    ['texts as long as there is room', launcher({ text: { es: ` ${'x'.repeat(24)} ` } })],
    ['an address as long as there is room', panel({ logoUrl: `https://a.b/${'x'.repeat(488)}` })],
    ['a color that just carries white text', launcher({ color: '#767676' })],
    ['color and addresses that are left empty', panel({ color: ' ', logoUrl: ' ' })],
    ['a bar without a text while it is off', bar({ enabled: false, text: {} })],
    ['a bar in one language, that leads nowhere', bar({ text: { fr: 'Viens' } })],
    [
      'no page, panel, bar and card at all',
      {
        panel: undefined,
        page: undefined,
        stickyBar: undefined,
        postPurchase: undefined,
      },
    ],
  ])('may be %s', (_what, more) => {
    expect(problemOf(more)).not.toHaveProperty('field');
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

test('what was chosen is kept in the part of the settings that it belongs to', () => {
  const next = contentFromMessage(written());
  if ('field' in next) throw new Error(next.field);
  expect(versionOf(next)).toEqual({
    launcher: { color: '#0f766e', position: 'left', icon: 'star', text: { en: 'Perks' } },
    rewards_panel: {
      color: '',
      logo_url: 'https://cdn.example/logo.png',
      welcome: { fr: 'Bienvenue' },
    },
    sticky_bar: { enabled: true, text: { en: 'Join' }, color: '#aa3300', link: '/pages/rewards' },
    loyalty_page: { color: '', title: { en: 'The club' } },
    post_purchase: { enabled: true, text: {} },
    checkout_config: { points_display: false },
  });
  const beside = {
    rewards_panel: { a: 1 },
    sticky_bar: { b: 2 },
    loyalty_page: { c: 3 },
    post_purchase: { d: 4 },
  };
  expect(brandingWith(next, beside)).toMatchObject(beside);
});

test('what a message leaves out is kept as a shop has it that has chosen nothing', () => {
  expect(brandingWith(Content.fromPartial({}), null)).toEqual({
    launcher: { color: '', position: 'right', icon: 'nest', text: {} },
    rewards_panel: { color: '', logo_url: '', welcome: {} },
    sticky_bar: { enabled: false, text: {}, color: '', link: '' },
    loyalty_page: { color: '', title: {} },
    post_purchase: { enabled: true, text: {} },
  });
});

test.each([
  [undefined, true],
  [{}, true],
  [{ checkout_config: { points_display: true } }, true],
  [{ checkout_config: { points_display: 'no' } }, true],
  [{ checkout_config: { points_display: false } }, false],
])('points are told at the checkout by %o: %s', (config, isShown) => {
  expect(showsPointsAtCheckout(config)).toBe(isShown);
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

test('the bar of older settings counts for what the newer ones do not say', () => {
  const stickyBar = { enabled: true, text: { en: 'Join' }, color: '#112233', link: '/old' };
  const branding = { sticky_bar: { link: '/new' } };
  expect(contentFrom({ branding, stickyBar, config: {} }).stickyBar).toEqual({
    enabled: true,
    text: { en: 'Join' },
    color: '#112233',
    link: '/new',
  });
});

test('what is stored and was chosen is read', () => {
  const branding = {
    launcher: {
      color: ' #0F766E ',
      position: 'left',
      icon: 'crown',
      text: { es: ' Ven ', de: 'x' },
    },
    rewards_panel: { color: '#112233', logo_url: '/logo.png', welcome: 'Welcome' },
    loyalty_page: { color: '#223344', title: { fr: 'Le club', en: 7 } },
    post_purchase: { enabled: false, text: { en: 'Thanks' } },
  };
  expect(contentFrom({ branding, config: {} })).toMatchObject({
    launcher: { color: '#0f766e', position: 'left', icon: 'crown', text: { es: 'Ven' } },
    panel: { color: '#112233', logoUrl: '/logo.png', welcome: { en: 'Welcome' } },
    page: { color: '#223344', title: { fr: 'Le club' } },
    postPurchase: { enabled: false, text: { en: 'Thanks' } },
  });
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

test('color are six digits that carry white text, on every part', () => {
  const panel = { color: '#777777', logoUrl: '', welcome: {} };
  expect(problemOf({ panel })).toEqual({
    field: 'content.panel.color',
    message: 'a contrast of at least 4.5 with white text',
  });
  for (const color of ['#12345', '#1234567', '112233', '#11223g'])
    expect(problemOf({ page: { color, title: {} } }), color).toEqual({
      field: 'content.page.color',
      message: 'a color such as #0f766e',
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
