import { expect, it } from 'vitest';
import {
  isCredential,
  isReplyTo,
  messageSettingsFrom,
  messageSettingsJson,
  providerOf,
} from './message-settings.rules.ts';

const settings = messageSettingsFrom({});

it('settings survive being stored, and whatever is malformed reads as the default', () => {
  const chosen = messageSettingsFrom({
    sender_name: 'Ada’s shop',
    channels: { points_earned: 'sms', nonsense: 'sms', tier_change: 'pigeon' },
    email_provider: 'ses',
    quiet_from: 1_300,
    quiet_until: 99_999,
    fallback: false,
  });
  expect(messageSettingsFrom(messageSettingsJson(chosen))).toEqual(chosen);
  expect(chosen).toMatchObject({
    channels: { points_earned: 'sms' },
    emailProvider: 'ses',
    quietFrom: 1_300,
    quietUntil: 480,
  });
});

it('a channel is carried by the chosen provider while it is usable, else by the first that is', () => {
  const chosen = { ...settings, emailProvider: 'ses' as const };
  expect(providerOf(chosen, 'email', new Set(['klaviyo', 'ses']))).toBe('ses');
  expect(providerOf(chosen, 'email', new Set(['klaviyo']))).toBe('klaviyo');
  expect(providerOf(settings, 'email', new Set(['klaviyo', 'ses']))).toBe('klaviyo');
  expect(providerOf(settings, 'sms', new Set(['ses']))).toBeUndefined();
  expect(
    providerOf(
      { ...settings, smsProvider: 'postscript' },
      'whatsapp',
      new Set(['twilio', 'postscript']),
    ),
  ).toBe('twilio');
});

it('replies go to an address that others may send for', () => {
  for (const good of ['', 'help@shop.example', 'a.b+c@mail.shop.example'])
    expect(isReplyTo(good), good).toBe(true);
  for (const bad of [
    'me@yahoo.com',
    'me@YAHOO.co.uk',
    'me@aol.com',
    'me',
    'a@b',
    'x@y.com\nBcc: z@y.com',
    '"a" <a@b.com>',
  ])
    expect(isReplyTo(bad), bad).toBe(false);
});

it('what becomes part of an address or a header is of the form that the provider gives', () => {
  expect(isCredential('region', 'eu-west-1')).toBe(true);
  expect(isCredential('account_sid', `AC${'0'.repeat(32)}`)).toBe(true);
  expect(isCredential('from', '+14155550100')).toBe(true);
  for (const [name, value] of [
    ['region', 'us-east-1.evil.example/#'],
    ['account_sid', '../AC'],
    ['from', 'hello'],
    ['from_address', 'a@b.example\r\nBcc: c@d.example'],
    ['api_key', 'pk_1\r\nx: y'],
    ['another', 'value'],
  ] as const)
    expect(isCredential(name, value), name).toBe(false);
});
