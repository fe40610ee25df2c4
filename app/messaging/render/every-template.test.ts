import { expect, test } from 'vitest';
import { messageFaults } from '../../../proto/shared/messages/check.ts';
import { DEFAULT_WORDS } from '../../../proto/shared/messages/defaults.ts';
import { segmentsOf } from '../../../proto/shared/messages/segments.ts';
import { MESSAGE_TYPES } from '#vocabulary/messages.ts';
import { LANGUAGES } from '../../i18n/languages.ts';
import { mailDangers, mailMarkup } from '../testing/mail-markup.ts';
import { HOSTILE_NAME, HOSTILE_VALUES, PICTURES, requestOf, SHOP } from '../testing/samples.ts';
import { renderMessage } from './render-message.ts';

const ours = (href: string) => /^https:\/\/(bean|app)\.example\.test\//.test(href);
const all = LANGUAGES.flatMap((language) => MESSAGE_TYPES.map((type) => ({ language, type })));

test.each(all)('What we send of $type in $language can be sent', async ({ type, language }) => {
  expect(messageFaults(type, DEFAULT_WORDS[language][type])).toEqual([]);
  const mail = await renderMessage(requestOf(type, language));
  expect(mail.subject).not.toMatch(/[{}]|\*\*/);
  expect(mail.text).not.toMatch(/[{}]|\*\*/);
  expect(mailMarkup(mail.html).text).not.toMatch(/[{}]|\*\*/);
  expect(mailDangers(mail.html, PICTURES, ours)).toEqual([]);
});

test.each(all)('A person without data gets a whole $type in $language', async (each) => {
  const mail = await renderMessage(requestOf(each.type, each.language, { variables: {} }));
  expect(mail.subject.length).toBeGreaterThan(3);
  expect(mail.subject).not.toMatch(/[{}]/);
  expect(mailMarkup(mail.html).text).not.toMatch(/[{}]/);
});

test.each(all)('No markup in a name gets through $type in $language', async (each) => {
  const shop = { ...SHOP, name: HOSTILE_NAME, address: HOSTILE_NAME };
  const request = requestOf(each.type, each.language, { variables: HOSTILE_VALUES, shop });
  const mail = await renderMessage(request);
  expect(mailDangers(mail.html, PICTURES, ours)).toEqual([]);
  expect(mailMarkup(mail.html).text).toContain('<script>alert(1)</script>"\'><img src=x');
  expect(`${mail.subject}`).not.toMatch(/[\r\n\u202e]/);
});

test.each(all)('A text message of $type in $language costs three at most', async (each) => {
  const { text } = await renderMessage(requestOf(each.type, each.language, { channel: 'sms' }));
  expect(segmentsOf(text).count).toBeLessThanOrEqual(3);
  expect(text).toMatch(/^[^\n]*Bean & Leaf/);
  expect(text).toContain('STOP');
  const hostile = await renderMessage(
    requestOf(each.type, each.language, { channel: 'sms', variables: HOSTILE_VALUES }),
  );
  expect(segmentsOf(hostile.text).count).toBeLessThanOrEqual(3);
  expect(hostile.text).toContain('STOP');
});
