import { expect, test } from '@playwright/test';
import { accessibilityFindings } from './support/accessibility.ts';
import { Dashboard } from './support/dashboard.ts';
import { newShopper, placeOrder } from './support/shop.ts';

test.use({ reducedMotion: 'reduce' });

async function pointsLiveFor(dashboard: Dashboard, days: string): Promise<void> {
  await dashboard.open('/program/expiration');
  await dashboard.app.getByLabel('Days until points expire').fill(days);
  await dashboard.save();
  await expect(dashboard.app.getByText(/^Program saved\./)).toBeVisible();
}

test('expiring points are shown by month and member, can be extended, and the extension undone', async ({
  page,
}) => {
  const dashboard = new Dashboard(page);
  const { app } = dashboard;
  await pointsLiveFor(dashboard, '60');
  try {
    const shopper = await newShopper('Xenia', { hasAccount: false });
    await placeOrder({ customer: shopper, subtotal: '30.00' });
    const line = dashboard.entry('$30.00 × 10 points.');
    await expect(async () => {
      await dashboard.openCustomer(shopper);
      await expect(line).toContainText(/Expires [A-Z]/, { timeout: 500 });
    }).toPass();
    const promised = /Expires (\w+ \d+, \d+)/.exec((await line.textContent()) ?? '')?.[1] ?? '';

    await dashboard.open('/expiry');
    const month = app.getByRole('button', { name: /^Members with points expiring in/ }).first();
    const name = ((await month.textContent()) ?? '').trim();
    await month.click();
    const who = app.getByRole('table', { name: `Members with points expiring in ${name}` });
    await expect(who.getByRole('row').filter({ hasText: shopper.name })).toContainText('300');
    expect(await accessibilityFindings(page, dashboard.frame)).toEqual([]);

    await app.getByRole('button', { name: `Extend expiration for ${name}` }).click();
    const question = app.getByRole('dialog', { name: `Extend expiration for ${name}` });
    await question.getByLabel('Days').fill('none');
    await question.getByRole('button', { name: 'Extend expiration' }).click();
    await expect(question.getByLabel('Days')).toHaveAccessibleDescription(/whole number/);
    await question.getByLabel('Days').fill('45');
    await question.getByRole('button', { name: 'Extend expiration' }).click();
    await expect(
      app.getByText(/^Expiration extended: [\d,]+ points of \d+ members\.$/),
    ).toBeVisible();
    await dashboard.openCustomer(shopper);
    await expect(line).toContainText(`was ${promised}`);

    await dashboard.open('/expiry');
    await app
      .getByRole('button', { name: /^Undo extension of/ })
      .first()
      .click();
    await expect(app.getByText(/^Extension undone\./)).toBeVisible();
    await dashboard.openCustomer(shopper);
    await expect(line).toContainText(`Expires ${promised}`);
  } finally {
    await pointsLiveFor(dashboard, '0');
  }
});
