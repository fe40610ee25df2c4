import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
let now = new Date();
beforeAll(async () => {
  core = await startTestCore({}, { clock: () => now });
});
afterAll(() => core.stop());

it('a birthday entered on its evening in the shop’s time zone is given its points, though it is tomorrow elsewhere', async () => {
  const shop = await core.installShop();
  await shop.admin.updateShopProfile({
    name: 'A shop',
    currency: 'USD',
    timezone: 'America/New_York',
  });
  const { program } = await shop.points.getPointsProgram({});
  await shop.points.updatePointsProgram({
    program: {
      ...program,
      earning: {
        ...program?.earning,
        actions: (program?.earning?.actions ?? []).map((rule) =>
          rule.action === 'birthday' ? { ...rule, enabled: true, daysBefore: 0 } : rule,
        ),
      },
    },
  });
  await shop.admin.upsertCustomer({
    customer: { shopifyCustomerId: '42', firstName: 'Ada' },
    trigger: 'created',
  });
  const ada = core.clients({
    merchant: shop.merchantId,
    actor: 'customer:42',
    scopes: ['customer:points'],
  });
  // 23:30 of May 17 in New York.
  now = new Date('2027-05-18T03:30:00Z');
  await ada.points.claimAction({ action: 'birthday', birthday: '05-17', idempotencyKey: 'one' });
  now = new Date('2027-05-18T09:00:00Z');
  expect(await shop.points.awardBirthdays({})).toEqual({ members: 1, points: 200 });
  expect(await shop.points.awardBirthdays({})).toEqual({ members: 0, points: 0 });
});
