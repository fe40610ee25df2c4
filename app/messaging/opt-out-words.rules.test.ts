import { expect, test } from 'vitest';
import { replyIn } from './opt-out-words.rules.ts';

test.each([
  ['STOP', 'stop'],
  [' stop. ', 'stop'],
  ['Stop texting me!', 'stop'],
  ['opt out', 'stop'],
  ['Opt-out please', 'stop'],
  ['Arrêt', 'stop'],
  ['quit', 'stop'],
  ['UNSTOP', 'start'],
  ['yes', 'start'],
  ['help?', 'help'],
  ['Ayuda', 'help'],
  ['Yes, is the blue one in stock?', undefined],
  ['Cancel my order please', undefined],
  ['When do you start?', undefined],
  ['', undefined],
  ['🛑', undefined],
])('%j is %s', (text, reply) => expect(replyIn(text)).toBe(reply));
