import { describe, expect, test } from 'vitest';
import { canonicalTarget, familyOf } from './request-target.rules.ts';

describe('every spelling of a path is normalized', () => {
  test.each([
    ['/console/sign-in', '/console/sign-in'],
    ['/Console/Sign-In', '/console/sign-in'],
    ['/%63onsole/sign-in', '/console/sign-in'],
    ['/console%2E.data', '/console..data'],
    ['/console%2edata', '/console.data'],
    ['//console//sign-in//', '/console/sign-in'],
    ['/x/../console/sign-in', '/console/sign-in'],
    ['/x/%2e%2E/console', '/console'],
    ['/./console/', '/console'],
    ['\\console'.replace('\\', '/\\'), '/console'],
    ['/CONSOLE.DATA?index', '/console.data?index'],
    ['http://app.example/WebHooks/orders/paid', '/webhooks/orders/paid'],
    ['HTTP://app.example', '/'],
    ['/WEBHOOKS/Orders/%70aid/', '/webhooks/orders/paid'],
    ['/proxy/r/AbC?x=Y', '/proxy/r/AbC?x=Y'],
    ['/PROXY/widget/', '/proxy/widget'],
    ['/assets/app.customers._$id-Xy+z.js', '/assets/app.customers._$id-Xy+z.js'],
    ['/', '/'],
    ['/?shop=a', '/?shop=a'],
    ['https://app.example/x', '/x'],
    ['/Auth/Login', '/auth/login'],
    ['/APP/Customers/AbC', '/app/Customers/AbC'],
    ['/Extension/Widget', '/extension/Widget'],
    ['/Widget-Assets/A.js', '/widget-assets/A.js'],
    ['/HEALTHZ', '/healthz'],
    ['/Health', '/health'],
    ['/Other/Page', '/Other/Page'],
    ['/a b', '/a%20b'],
    ['/a:b@c$d,e;f+g=h&i', '/a:b@c$d,e;f+g=h&i'],
    ['/%3a%40', '/:@'],
  ])('%s is %s', (target, canonical) => {
    expect(canonicalTarget(target)).toBe(canonical);
    expect(canonicalTarget(canonical)).toBe(canonical);
  });

  test.each([
    '*',
    'console',
    '/%',
    '/%zz',
    '/a%00b',
    '/a%0d%0ab',
    '/%ff',
    'ftp://app.example/x',
    'x https://app.example/x',
    'https://app.example?x=1',
  ])('%s is none', (target) => {
    expect(canonicalTarget(target)).toBeUndefined();
  });

  test('an encoded slash does not start a new segment', () => {
    expect(canonicalTarget('/console%2Fsign-in')).toBe('/console%2Fsign-in');
    expect(familyOf('/console%2Fsign-in')).toBeUndefined();
  });

  test('a name with the same prefix is a different segment', () => {
    expect(familyOf('/consoles')).toBeUndefined();
    expect(familyOf('/console.data')).toBe('console');
    expect(familyOf('/app')).toBe('app');
    expect(familyOf('/')).toBeUndefined();
  });
});
