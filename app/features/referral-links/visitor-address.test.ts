import { expect, test } from 'vitest';
import { visitorAddress } from './visitor-address.ts';

const [shopper, shopify, edge] = ['198.51.100.7', '23.227.38.1', '130.176.1.9'];

test.each([
  ['behind CloudFront and a load balancer', `${shopper}, ${shopify}, ${edge}`, 2],
  ['behind one proxy', `${shopper}, ${shopify}`, 1],
  ['behind none', shopper, 0],
  [
    'behind proxies known by their addresses',
    `${shopper}, ${shopify}, ${edge}`,
    ['130.176.0.0/16'],
  ],
  ['that says it is another', `203.0.113.1, ${shopper}, ${shopify}, ${edge}`, 2],
  ['when Shopify passes it on inside', `${shopper}, 10.4.0.9, ${shopify}, ${edge}`, 2],
  ['with fewer proxies than usual', shopper, 2],
])('a visitor %s is known by their own address', (_, forwarded, trusted) => {
  expect(visitorAddress(forwarded, trusted)).toBe(shopper);
});

test.each([null, '', 'unknown', '10.0.0.1', '<script>, x'])('%s tells of no one', (forwarded) => {
  expect(visitorAddress(forwarded, 1)).toBe('');
});
