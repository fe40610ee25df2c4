import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf, startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';
import { startSentry } from '../testing/sentry.ts';
import { createErrorReports } from './error-reports.ts';
import type { ErrorReports } from './error-reports.ts';

let sentry: Awaited<ReturnType<typeof startSentry>>;
let errorReports: ErrorReports;
let core: TestCore;

beforeAll(async () => {
  sentry = await startSentry();
  errorReports = await createErrorReports({ SENTRY_DSN: sentry.dsn, NODE_ENV: 'test' });
  core = await startTestCore({}, { errorReports });
});
afterAll(async () => {
  await core.stop();
  sentry.close();
});

test('a bug is reported with its shop and member, and without what the database was asked', async () => {
  const { merchantId, admin } = await core.installShop();
  const customerId = randomUUID();
  await core.outside.query('ALTER TABLE customers RENAME TO missing_customers');
  const failure = await failureOf(admin.getCustomer({ customerId }));
  expect(failure.code).toBe('internal');
  errorReports.report(new Error('nobody waited for this'));
  await errorReports.flush();

  const [report, other] = sentry.reports;
  expect(report?.tags).toEqual({
    process: 'core',
    method: '/admin.v1.AdminService/GetCustomer',
    request_id: failure.requestId,
    merchant_id: merchantId,
    customer_id: customerId,
  });
  expect(report?.exception.values[0]?.value).toBe('SQL state 42P01');
  for (const part of ['request', 'user', 'breadcrumbs'] as const)
    expect(Object.keys(report?.[part] ?? {}), part).toEqual([]);
  expect(other?.exception.values[0]?.value).toBe('nobody waited for this');
});

test('without a DSN nothing is reported', async () => {
  const off = await createErrorReports({ SENTRY_DSN: undefined, NODE_ENV: 'test' });
  off.report(new Error('nobody hears this'));
  await off.flush();
});
