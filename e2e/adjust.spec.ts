import { expect, test } from '@playwright/test';
import { Dashboard } from './support/dashboard.ts';
import { newShopper } from './support/shop.ts';

test('an adjustment needs a reason, is explained in the ledger, and can be undone once', async ({
  page,
}) => {
  const shopper = await newShopper('Wanda', { hasAccount: false });
  const dashboard = new Dashboard(page);
  await dashboard.openCustomer(shopper);
  await dashboard.press('Adjust points');
  const form = dashboard.app.getByRole('dialog', { name: 'Adjust points' });
  const submit = form.getByRole('button', { name: 'Adjust points', exact: true });

  await test.step('an error is shown beside its field', async () => {
    await form.getByLabel('Points').fill('a few');
    await submit.click();
    await expect(form.getByLabel('Points')).toHaveAccessibleDescription(/Enter a whole number\./);
    await expect(form.getByLabel('Reason')).toHaveAccessibleDescription(
      /Enter a reason, so your team can understand this change later\./,
    );
    await form.getByLabel('Reason').fill('Late parcel');
    await form.getByLabel('Points').fill('-5');
    await submit.click();
    await expect(form.getByLabel('Points')).toHaveAccessibleDescription(
      /This member doesn’t have that many points\./,
    );
  });

  await form.getByLabel('Points').fill('120');
  await expect(form.getByText('New balance: 120 points')).toBeVisible();
  await submit.click();
  await expect(form).toBeHidden();
  await expect(
    dashboard.app.getByText('Balance adjusted by +120. New balance: 120 points.'),
  ).toBeVisible();
  await expect(dashboard.available).toHaveText('120 points');
  const given = dashboard.entry('Adjusted by the store: Late parcel.');
  await expect(given).toContainText('+120');
  await expect(given).toContainText('By your team');

  await given.getByRole('button', { name: /^Undo/ }).click();
  const question = dashboard.app.getByRole('dialog', { name: 'Undo this adjustment?' });
  await expect(question).toContainText('A new entry of -120 reverses it.');
  await question.getByRole('button', { name: 'Undo adjustment' }).click();
  await expect(question).toBeHidden();
  await expect(dashboard.app.getByText('Adjustment undone. New balance: 0 points.')).toBeVisible();
  await expect(dashboard.available).toHaveText('0 points');
  await expect(dashboard.entry('An adjustment by the store was undone')).toContainText('-120');
  await expect(given).toContainText('Undone');
  await expect(given.getByRole('button', { name: /^Undo/ })).toHaveCount(0);
});
