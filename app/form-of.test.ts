import { expect, test } from 'vitest';
import { formOf } from './form-of.server.ts';

const sent = (type: string, body: string) =>
  new Request('http://app/', { method: 'POST', headers: { 'content-type': type }, body });

test('a form is read', async () => {
  const form = await formOf(sent('application/x-www-form-urlencoded', 'name=Ada'));
  expect(form.get('name')).toBe('Ada');
});

test.each([
  ['multipart/form-data', 'name=Ada'],
  ['multipart/form-data; boundary=x', 'name=Ada'],
  ['application/json', '{}'],
  ['text/plain', ''],
])('a malformed body of %s is a client error, not ours', async (type, body) => {
  await expect(formOf(sent(type, body))).rejects.toMatchObject({ code: 'invalid_input' });
});
