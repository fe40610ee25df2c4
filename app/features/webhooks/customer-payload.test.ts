import { describe, expect, test } from 'vitest';
import {
  parseConsent,
  parseCustomer,
  parseMerge,
  parsePrivacyRequest,
  parseTags,
  toIdentity,
} from './customer-payload.ts';
import { PayloadRefusal } from './payload-fields.ts';

const at = '2026-11-23T10:00:00.000Z';
const bytes = (body: unknown) => Buffer.from(JSON.stringify(body));
const fieldRefused = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof PayloadRefusal) return `${error.field}: ${error.message}`;
    throw error;
  }
  return 'accepted';
};
const person = {
  id: '7',
  email: 'ada@shopper.example',
  first_name: 'Ada',
  last_name: 'Larsen',
  locale: '',
  state: 'invited',
};

describe('a person', () => {
  test('is kept by their name, and speaks their own language or the one they ordered in', () => {
    expect(toIdentity(person, 'fr')).toEqual({
      shopifyCustomerId: '7',
      email: 'ada@shopper.example',
      firstName: 'Ada',
      lastName: 'Larsen',
      locale: 'fr',
      state: 'invited',
    });
    expect(toIdentity(person).locale).toBe('');
    expect(toIdentity({ ...person, locale: 'es' }, 'fr').locale).toBe('es');
  });

  test.each(['disabled', 'invited', 'enabled', 'declined'])(
    'may have an account that is %s',
    (state) => {
      expect(toIdentity({ ...person, state }).state).toBe(state);
    },
  );

  test('of whom the account is not told, or in a word of tomorrow, is taken without', () => {
    for (const state of ['', 'frozen']) expect(toIdentity({ ...person, state }).state).toBe('');
  });

  test('is as new as they say, or as the notice is', () => {
    const updatedAt = (updated_at?: string | null) =>
      parseCustomer(bytes({ ...person, updated_at }), 'enabled', at);
    expect(updatedAt('2026-11-01T00:00:00Z')).toMatchObject({
      trigger: 'enabled',
      updatedAt: '2026-11-01T00:00:00.000Z',
      tagsAdded: [],
      tagsRemoved: [],
    });
    expect(updatedAt().updatedAt).toBe(at);
    expect(updatedAt(null).updatedAt).toBe(at);
  });

  test.each([
    [undefined, ''],
    [null, ''],
    [{ state: null }, ''],
    [{ state: 'subscribed' }, 'subscribed'],
    [{ state: 'pending' }, 'not_subscribed'],
    [{ state: 'unsubscribed' }, 'not_subscribed'],
  ])('with the consent %o is "%s"', (email_marketing_consent, marketing) => {
    const parsed = parseCustomer(bytes({ ...person, email_marketing_consent }), 'updated', at);
    expect(parsed.marketing).toBe(marketing);
  });
});

test('a person has no name, address or language longer than anybody’s', () => {
  const long = 'x'.repeat(400);
  const told = { id: 7, email: long, first_name: long, last_name: long, locale: long };
  const { customer } = parseCustomer(bytes(told), 'created', at);
  expect([
    customer?.email.length,
    customer?.firstName.length,
    customer?.lastName.length,
    customer?.locale.length,
  ]).toEqual([320, 255, 255, 35]);
  const consent = { customer_id: 7, email_address: long, email_marketing_consent: {} };
  expect(parseConsent(bytes(consent), at).customer?.email).toHaveLength(320);
  const { email, phone } = parsePrivacyRequest(bytes({ customer: { email: long, phone: long } }));
  expect([email.length, phone.length]).toEqual([320, 40]);
});

describe('one thing that is told of a person', () => {
  const nothingElse = {
    trigger: 'partial',
    updatedAt: at,
    marketing: '',
    tagsAdded: [],
    tagsRemoved: [],
    company: '',
  };
  const onlyId = {
    shopifyCustomerId: '7',
    email: '',
    firstName: '',
    lastName: '',
    locale: '',
    state: '',
  };

  test('as a consent overwrites nothing but the consent', () => {
    const told = {
      customer_id: 7,
      email_address: 'ada@shopper.example',
      email_marketing_consent: { state: 'subscribed', consent_updated_at: '2020-01-01T00:00:00Z' },
    };
    expect(parseConsent(bytes(told), at)).toEqual({
      ...nothingElse,
      customer: { ...onlyId, email: 'ada@shopper.example' },
      marketing: 'subscribed',
    });
    expect(fieldRefused(() => parseConsent(bytes({ customer_id: 7 }), at))).toContain(
      'email_marketing_consent: ',
    );
  });

  test('as tags overwrites nothing but the tags', () => {
    const told = { customerId: 'gid://shopify/Customer/7', tags: [' vip ', '', ' ', 'b2b'] };
    expect(parseTags(bytes(told), 'customer.tags_added', at)).toEqual({
      ...nothingElse,
      customer: onlyId,
      tagsAdded: ['vip', 'b2b'],
    });
    const occurredAt = '2026-11-20T00:00:00Z';
    expect(parseTags(bytes({ ...told, occurredAt }), 'customer.tags_removed', at)).toEqual({
      ...nothingElse,
      customer: onlyId,
      updatedAt: '2026-11-20T00:00:00.000Z',
      tagsRemoved: ['vip', 'b2b'],
    });
  });

  test('as tags is of five hundred at most', () => {
    const of = (count: number) => () =>
      parseTags(
        bytes({ customerId: 7, tags: Array.from({ length: count }, () => 't'.repeat(300)) }),
        'customer.tags_added',
        at,
      );
    expect(of(500)().tagsAdded).toHaveLength(500);
    expect(of(1)().tagsAdded).toEqual(['t'.repeat(255)]);
    expect(fieldRefused(of(501))).toContain('tags: ');
  });
});

test('two who became one are named by their ids', () => {
  const merge = {
    admin_graphql_api_customer_kept_id: 'gid://shopify/Customer/1',
    admin_graphql_api_customer_deleted_id: 'nobody',
    status: 'completed',
  };
  expect(fieldRefused(() => parseMerge(bytes(merge)))).toBe(
    'admin_graphql_api_customer_deleted_id: Not an id.',
  );
});

describe('a request for privacy', () => {
  const asked = (customer: object, more: object = {}) =>
    parsePrivacyRequest(bytes({ customer, ...more }));

  test.each([
    [{ id: 7 }, { shopifyCustomerId: '7' }],
    [
      { id: '', email: 'a@b.c' },
      { shopifyCustomerId: '', email: 'a@b.c' },
    ],
    [{ phone: '+1 555' }, { shopifyCustomerId: '', phone: '+1 555' }],
  ])('may name a customer by %o alone', (customer, named) => {
    expect(asked(customer)).toMatchObject({ ...named, orderIds: [], requestId: '' });
  });

  test('may name a customer by their orders alone, five thousand at most', () => {
    const orders = (count: number) => ({
      orders_to_redact: Array.from({ length: count }, () => 1),
    });
    expect(asked({}, orders(1)).orderIds).toEqual(['1']);
    expect(asked({}, orders(5_000)).orderIds).toHaveLength(5_000);
    expect(fieldRefused(() => asked({}, orders(5_001)))).toContain('orders_to_redact: ');
  });

  test('that names no customer is refused', () => {
    for (const customer of [{}, { id: null, email: null, phone: '' }])
      expect(fieldRefused(() => asked(customer, { orders_to_redact: [] }))).toBe(
        'customer.id: Names no customer.',
      );
    expect(fieldRefused(() => asked({ id: 'nobody', email: 'a@b.c' }))).toContain('customer.id: ');
  });
});
