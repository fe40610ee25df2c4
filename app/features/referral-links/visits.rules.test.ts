import { describe, expect, test } from 'vitest';
import { channelOf, clickIdOf, codeOf, isVisit } from './visits.rules.ts';

const phone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1';
const opened = (headers: Record<string, string>, method = 'GET') =>
  isVisit({ method, headers: new Headers({ 'user-agent': phone, ...headers }) });

describe('a visit', () => {
  test('is a person who opens the link', () => {
    expect(opened({})).toBe(true);
  });

  test.each([
    ['WhatsApp', 'WhatsApp/2.23.20.0'],
    ['Facebook', 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)'],
    ['X', 'Twitterbot/1.0'],
    ['Slack', 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)'],
    ['Telegram', 'TelegramBot (like TwitterBot)'],
    ['Discord', 'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)'],
    ['LinkedIn', 'LinkedInBot/1.0 (compatible; Mozilla/5.0)'],
    [
      'iMessage',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
    ],
    ['a search engine', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'],
    ['a program without a name', ''],
  ])('is not the preview that %s makes', (_, agent) => {
    expect(opened({ 'user-agent': agent })).toBe(false);
  });

  test('is not what a browser fetches ahead, nor a request for the headers alone', () => {
    expect(opened({ purpose: 'prefetch' })).toBe(false);
    expect(opened({ 'sec-purpose': 'prefetch;prerender' })).toBe(false);
    expect(opened({ 'x-purpose': 'preview', 'x-moz': 'prefetch' })).toBe(false);
    expect(opened({}, 'HEAD')).toBe(false);
  });
});

test('a link names its channel, else it was copied', () => {
  expect([channelOf('sms'), channelOf('WhatsApp'), channelOf('<b>'), channelOf(null)]).toEqual([
    'sms',
    'whatsapp',
    'copy',
    'copy',
  ]);
});

test('codes are read in any case, and nothing else is one', () => {
  expect(codeOf(' ab12cd34 ')).toBe('AB12CD34');
  expect(['', 'ab', '../x', 'A'.repeat(21), null].map((text) => codeOf(text))).toEqual(
    Array.from({ length: 5 }, () => undefined),
  );
});

test('a visit is named by an id, and by nothing that a person wrote', () => {
  const id = 'd3b07384-d9a0-4c9b-8f3e-6f2a1b0c9d8e';
  expect([clickIdOf(id), clickIdOf('1'), clickIdOf(null)]).toEqual([id, '', '']);
});
