import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createEncryption } from '../shared/encryption.ts';
import { decryptPayload, encryptPayload } from './delivery-encryption.ts';

const encryption = createEncryption(`k1:${randomBytes(32).toString('base64')}`);
const shop = 'shop.myshopify.com';
const place = { merchantId: shop, table: 'webhook_inbox', column: 'payload', rowId: 'd1' };
const opened = (encrypted: Buffer | null) => decryptPayload(encryption, shop, 'd1', encrypted);

describe('the contents of a delivery', () => {
  it.each([
    ['an order', Buffer.from(JSON.stringify({ id: 1, email: 'zoé@example.com' }))],
    ['what is no text', Buffer.from([0, 1, 255, 254, 128])],
    ['a body beginning like a packed one', Buffer.from([1, 2, 3])],
    ['a body of one byte', Buffer.from('0')],
  ])('come back byte for byte: %s', (_, body) => {
    expect(opened(encryptPayload(encryption, shop, 'd1', body)).equals(body)).toBe(true);
  });

  it('of an order take a fraction of their length', () => {
    const line = { title: 'Gift box', price_set: { shop_money: { amount: '1.00' } } };
    const body = Buffer.from(
      JSON.stringify({ line_items: Array.from({ length: 20 }, () => line) }),
    );
    expect(encryptPayload(encryption, shop, 'd1', body).length).toBeLessThan(body.length / 4);
  });

  it('that an earlier release encrypted unpacked are read as well', () => {
    const body = Buffer.from('{"email":"zoé@example.com"}');
    const encrypted = encryption.encrypt(body.toString('latin1'), place);
    expect(opened(encrypted).equals(body)).toBe(true);
  });

  it('are empty once they were erased', () => {
    expect(opened(null)).toHaveLength(0);
  });
});
