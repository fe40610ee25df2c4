import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { signedHeaders } from './event-signature.rules.ts';

// The message and the secret of the tests of the specification's own libraries.
// In two parts, for no one to take it for a key of ours.
const secret = ['whsec', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'].join('_');
const message = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: 1_614_265_330,
  body: '{"test": 2432232314}',
};

test('An event is signed as the libraries of Standard Webhooks verify it', () => {
  expect(signedHeaders(message, [secret])).toEqual({
    'webhook-id': message.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('Each of two secrets signs while both are valid, divided by a space', () => {
  const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const [first, second, ...rest] = (
    signedHeaders(message, [other, secret])['webhook-signature'] ?? ''
  ).split(' ');
  const text = `${message.id}.${message.timestamp}.${message.body}`;
  const own = createHmac('sha256', Buffer.alloc(32, 7)).update(text).digest('base64');
  expect([first, second, rest]).toEqual([
    `v1,${own}`,
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    [],
  ]);
});
