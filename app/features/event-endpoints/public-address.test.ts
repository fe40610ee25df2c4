import { describe, expect, test } from 'vitest';
import { isPublicAddress, urlProblem } from './public-address.ts';

describe('an address', () => {
  test.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '100.127.255.255',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:0:1::1',
    '2001:db8::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    'no address',
    '',
  ])('%s is not of the public Internet', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.each(['8.8.8.8', '100.63.255.255', '172.32.0.1', '198.20.0.1', '2606:4700::1111'])(
    '%s is',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

describe('the URL of an endpoint', () => {
  test.each([
    ['https://hooks.example.com/loyalty?shop=1', undefined],
    ['https://8.8.8.8/', undefined],
    ['https://hooks.example.com:443/', undefined],
    ['http://hooks.example.com/', 'https'],
    ['ftp://hooks.example.com/', 'https'],
    ['https://hooks.example.com:8443/', 'port'],
    ['https://user:secret@hooks.example.com/', 'invalid'],
    ['https://hooks.example.com/#part', 'invalid'],
    ['hooks.example.com', 'invalid'],
    ['', 'invalid'],
    ['https://localhost/', 'private'],
    ['https://intranet/', 'private'],
    ['https://printer.local/', 'private'],
    ['https://metadata.google.internal./', 'private'],
    ['https://127.0.0.1/', 'private'],
    // As a browser reads them, and the resolver: all of them are 127.0.0.1.
    ['https://2130706433/', 'private'],
    ['https://0x7f.1/', 'private'],
    ['https://0177.0.0.1/', 'private'],
    ['https://[::1]/', 'private'],
    ['https://[::ffff:127.0.0.1]/', 'private'],
    ['https://169.254.169.254/latest/meta-data/', 'private'],
  ] as const)('%s: %s', (url, problem) => {
    expect(urlProblem(url, [])).toBe(problem);
  });

  test('may be anywhere where its origin is exempt, and nowhere else', () => {
    expect(urlProblem('http://127.0.0.1:4000/hooks', ['http://127.0.0.1:4000'])).toBeUndefined();
    expect(urlProblem('http://127.0.0.1:4001/hooks', ['http://127.0.0.1:4000'])).toBe('https');
  });
});
