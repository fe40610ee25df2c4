import { expect, test } from '@playwright/test';
import { accessibilityFindings } from './support/accessibility.ts';
import { Dashboard } from './support/dashboard.ts';
import { deliver, newShopper } from './support/shop.ts';
import type { Shopper } from './support/shop.ts';

const home = {
  address1: '12 Oak Street',
  zip: 'K2P 2L8',
  country_code: 'CA',
  phone: '+1 613 555 0177',
};

/** A paid order as Shopify tells of it. */
function orderOf({ id: customer, email }: Shopper, changes: Record<string, unknown> = {}) {
  const id = 880_000_000 + Math.floor(Math.random() * 100_000_000);
  const at = new Date(Date.now() - 5_000).toISOString();
  return {
    id,
    name: `#R${id % 100_000}`,
    source_name: 'web',
    test: false,
    currency: 'USD',
    presentment_currency: 'USD',
    financial_status: 'paid',
    subtotal_price: '80.00',
    current_subtotal_price: '80.00',
    total_price: '80.00',
    created_at: at,
    processed_at: at,
    updated_at: at,
    cancelled_at: null,
    customer: { id: customer, email },
    line_items: [],
    refunds: [],
    shipping_address: home,
    ...changes,
  };
}

test('a referral of one home is held, shown with what is shared, approved and paid', async ({
  page,
}) => {
  test.slow();
  const advocate = await newShopper('Rosa');
  const friend = await newShopper('Rufus', { hasAccount: false });
  const dashboard = new Dashboard(page);
  const { app } = dashboard;

  await dashboard.open('/referrals');
  await app
    .getByRole('link', { name: /Set up referrals|Referral settings/ })
    .first()
    .click();
  await expect(dashboard.heading('Referral settings')).toBeVisible();
  await app.getByRole('radio', { name: /^Active/ }).check({ force: true });
  await app.getByRole('radio', { name: 'places a first order' }).check({ force: true });
  // A mistake is said beside its field, and nothing is saved.
  await app.getByLabel('Refuse from').fill('20');
  await dashboard.save();
  await expect(app.getByLabel('Refuse from')).toHaveAccessibleDescription(/Enter a higher score/);
  await app.getByLabel('Refuse from').fill('90');
  await dashboard.save();
  await expect(app.getByText('Referral settings saved.', { exact: false })).toBeVisible();

  await dashboard.openCustomer(advocate);
  await app.getByRole('button', { name: 'Create referral link' }).click();
  const code = app.locator('dt:text-is("Referral code") + dd');
  await expect(code).toHaveText(/^[A-Z2-9]{8}$/);

  // The worker may take the program for off a little longer.
  await page.waitForTimeout(6_000);
  await deliver('orders/paid', orderOf(advocate));
  await page.waitForTimeout(3_000);
  await deliver(
    'orders/paid',
    orderOf(friend, {
      note_attributes: [
        { name: '_loyalnest_ref', value: await code.innerText() },
        { name: '_loyalnest_ref_channel', value: 'whatsapp' },
      ],
    }),
  );

  await expect(async () => {
    await dashboard.open('/referrals?status=held');
    await expect(app.getByRole('link', { name: friend.name })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(app.getByText('1 to review').first()).toBeVisible();
  await app.getByRole('link', { name: friend.name }).click();
  await expect(dashboard.heading(`Referral of ${friend.name}`)).toBeVisible();
  await expect(app.getByText('Both use the same phone number.')).toBeVisible();
  await expect(app.getByText('Orders of both go to the same address.')).toBeVisible();
  await expect(app.locator('svg.ln-graph')).toBeVisible();
  const shared = app.getByRole('table', { name: 'Who has what in common with the friend' });
  await expect(shared.getByRole('row').filter({ hasText: 'Phone number' })).toContainText(
    advocate.name,
  );

  expect(await accessibilityFindings(page, dashboard.frame)).toEqual([]);

  await dashboard.press('Approve');
  const question = app.getByRole('dialog', { name: 'Approve this referral?' });
  await expect(question).toContainText(`${advocate.name} gets 50 points.`);
  await expect(question).toContainText(`${friend.name} gets 50 points.`);
  await question.getByRole('button', { name: 'Approve' }).click();
  await expect(app.getByText('Referral approved.')).toBeVisible();
  await expect(app.getByText('Both were rewarded')).toBeVisible();
  await expect(app.getByText('Approved by your team')).toBeVisible();
  await expect(app.getByRole('button', { name: 'Approve' })).toHaveCount(0);

  await app.getByRole('link', { name: advocate.name }).first().click();
  await expect(dashboard.heading(advocate.name)).toBeVisible();
  await expect(dashboard.entry('riend')).toContainText('+50');
  await expect(app.getByRole('row').filter({ hasText: 'Earned from referrals' })).toContainText(
    '+50',
  );
});
