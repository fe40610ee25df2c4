import { expect, test } from 'vitest';
import { mailMarkup } from '../testing/mail-markup.ts';
import { PICTURES, requestOf, SHOP, VALUES } from '../testing/samples.ts';
import { renderMessage } from './render-message.ts';

test('A French member of a shop with Stars reads numbers, dates and Stars as they are written there', async () => {
  const shop = { ...SHOP, pointsNames: { fr: { one: 'Étoile', other: 'Étoiles' } } };
  const { subject, text } = await renderMessage(
    requestOf('points_expiring', 'fr', { shop, variables: { ...VALUES, points: '1' } }),
  );
  expect(subject).toBe('À utiliser jusqu’au 31 décembre 2026 : 1 Étoile');
  expect(text).toContain('Votre solde est de 1\u202f250 Étoiles.');
});

test('A paragraph about what is not known is left out, and so is a block of it', async () => {
  const { code, expires_on, ...others } = VALUES;
  expect([code, expires_on].every(Boolean)).toBe(true);
  const { html, text } = await renderMessage(
    requestOf('reward_redeemed', 'en', { variables: others }),
  );
  for (const each of [mailMarkup(html).text, text]) {
    expect(each).toContain('$10 off');
    expect(each).not.toContain('checkout');
    expect(each).not.toContain('Use it by');
  }
});

test('Every mail says who sends it, why it came and how to end it', async () => {
  const { html, text } = await renderMessage(requestOf('points_earned', 'en'));
  const { elements, text: seen } = mailMarkup(html);
  for (const each of [seen, text]) {
    expect(each).toContain('12 Main Street, Dayton, OH 45402, US');
    expect(each).toContain('because you’re a member of Bean & Leaf’s loyalty program');
  }
  const links = elements.flatMap(({ name, attributes }) => (name === 'a' ? [attributes.href] : []));
  expect(links).toContain('https://app.example.test/unsubscribe/abc');
  expect(text).toContain('Unsubscribe\nhttps://app.example.test/unsubscribe/abc');
});

test('A shop’s picture and color are in its mail; anything else in their place is not', async () => {
  const logo = `picture:${'0a'.repeat(16)}`;
  const dressed = await renderMessage(
    requestOf('points_earned', 'en', { shop: { ...SHOP, logo, color: '#0b5d3b' } }),
  );
  expect(dressed.html).toContain(`${PICTURES}/${'0a'.repeat(16)}.webp`);
  expect(dressed.html).toContain('#0b5d3b');
  const bare = await renderMessage(
    requestOf('points_earned', 'en', {
      shop: { ...SHOP, logo: 'https://cdn.elsewhere.test/logo.png', color: 'red;}' },
    }),
  );
  expect(bare.html).not.toContain('elsewhere');
  expect(bare.html).not.toContain('red;');
});

test('A text message names the shop, and ends with how to stop it, in signs that cost one segment', async () => {
  const { text, html, subject } = await renderMessage(
    requestOf('points_earned', 'en', { channel: 'sms' }),
  );
  expect([html, subject]).toEqual(['', '']);
  expect(text).toBe(
    'Bean & Leaf: You earned 120 points.\nYour balance: 1,250 points.\nSee your rewards: https://bean.example.test/pages/rewards Reply STOP to opt out',
  );
});

test('A Hebrew name is isolated, so that it moves nothing beside it', async () => {
  const { subject, html } = await renderMessage(
    requestOf('referral_invite', 'en', { variables: { ...VALUES, advocate_name: 'שרה' } }),
  );
  expect(subject).toBe('\u2068שרה\u2069 sent you an offer from Bean & Leaf');
  expect(html).toContain('<span dir="auto">שרה</span>');
});

test('What is stored and no mail becomes a mail without words, rather than none', async () => {
  const content = { subject: '{{ code', blocks: 'not JSON', text: '' };
  const { html, subject } = await renderMessage(requestOf('points_earned', 'en', { content }));
  expect(subject).toBe('{{ code');
  expect(mailMarkup(html).text).toContain('Bean & Leaf');
});
