import { expect, test } from 'vitest';
import { coreTargetOf } from './core-address.ts';

test.each([
  ['core:50051', 'dns:///core:50051'],
  ['dns:///core.internal.example:443', 'dns:///core.internal.example:443'],
  ['127.0.0.1:50051', 'ipv4:127.0.0.1:50051'],
  ['10.0.0.1:50051, 10.0.1.1:50051', 'ipv4:10.0.0.1:50051,10.0.1.1:50051'],
  ['[::1]:50051,[fd00::7]:50051', 'ipv6:[::1]:50051,[fd00::7]:50051'],
])('core is found at %s', (text, target) => {
  expect(coreTargetOf(text)).toBe(target);
});

test.each([
  'core',
  'https://core:443',
  'core:99999',
  'core-a:50051,core-b:50051',
  '10.0.0.1:50051,',
  'unix:/tmp/core.sock',
  '',
])('%s is no address of core', (text) => {
  expect(coreTargetOf(text)).toBeUndefined();
});
