import { describe, expect, it } from 'vitest';
import { Content } from '#proto/frontend/v1/content.ts';
import { letters, refusalOf, withField } from '../testing/requests.ts';
import { storefrontSchemas } from './requests.ts';

const schema = storefrontSchemas.updateContent;
const request = {
  content: Content.fromPartial({
    launcher: { text: { en: 'Perks' } },
    panel: { welcome: { en: 'Hello' } },
    stickyBar: { text: { en: 'Join' } },
    page: { title: { en: 'The club' } },
    postPurchase: { text: { en: 'Thanks' } },
  }),
  version: 0,
};

describe('a merchant’s content', () => {
  it.each([
    ['content.launcher.color', 20],
    ['content.launcher.position', 10],
    ['content.launcher.icon', 20],
    ['content.launcher.text.en', 1_000],
    ['content.panel.color', 20],
    ['content.panel.logo_url', 1_000],
    ['content.panel.welcome.en', 1_000],
    ['content.sticky_bar.text.en', 1_000],
    ['content.sticky_bar.color', 20],
    ['content.sticky_bar.link', 1_000],
    ['content.page.color', 20],
    ['content.page.title.en', 1_000],
    ['content.post_purchase.text.en', 1_000],
  ])('has in %s no more than %i letters', (field, most) => {
    expect(refusalOf(schema, withField(request, field, letters(most)))).toBeUndefined();
    expect(refusalOf(schema, withField(request, field, letters(most + 1)))?.field).toBe(field);
  });

  it('is in languages whose names are short', () => {
    const text = (language: string) =>
      refusalOf(schema, withField(request, 'content.launcher.text', { [language]: 'Perks' }));
    expect(text(letters(8))).toBeUndefined();
    expect(text(letters(9))).toBeDefined();
  });

  it('need not have every part, nor be there at all', () => {
    expect(refusalOf(schema, { content: Content.fromPartial({}), version: 0 })).toBeUndefined();
    expect(refusalOf(schema, { version: 0 })).toBeUndefined();
    expect(refusalOf(schema, { ...request, version: -1 })?.field).toBe('version');
  });
});

describe('a shopper’s request', () => {
  it.each(['', '1001', '1'.repeat(20)])('may ask for the entries of the order "%s"', (orderId) => {
    expect(
      refusalOf(storefrontSchemas.getHistory, { cursor: '', pageSize: 0, orderId }),
    ).toBeUndefined();
  });

  it.each(['1'.repeat(21), 'x1', '1x', '-1'])('is refused for an order "%s"', (orderId) => {
    const asked = { cursor: '', pageSize: 0, orderId };
    expect(refusalOf(storefrontSchemas.getHistory, asked)?.field).toBe('order_id');
  });

  it('at POS names a customer by Shopify’s id', () => {
    const atPos = (shopifyCustomerId: string) =>
      refusalOf(storefrontSchemas.getPosMember, { shopifyCustomerId, locale: '' })?.field;
    for (const id of ['7', '1'.repeat(20)]) expect(atPos(id), id).toBeUndefined();
    for (const id of ['', '1'.repeat(21), 'gid7', '7x'])
      expect(atPos(id), id).toBe('shopify_customer_id');
  });
});
