import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { Dashboard } from './support/dashboard.ts';

const CONFLICT = 'Someone else saved changes to this page';

interface Editor {
  readonly path: string;
  readonly field: string;
  readonly first: string;
  readonly second: string;
}

const editors: readonly Editor[] = [
  { path: '/program/expiration', field: 'Days until points expire', first: '400', second: '500' },
  { path: '/settings', field: 'Singular (French)', first: 'étoile', second: 'perle' },
];

async function twoTabs(page: Page, path: string): Promise<[Dashboard, Dashboard]> {
  const [one, other] = [new Dashboard(page), new Dashboard(await page.context().newPage())];
  await one.open(path);
  await other.open(path);
  return [one, other];
}

for (const { path, field, first, second } of editors) {
  test(`of two tabs of ${path} the second to save is told, keeps what was typed, and chooses`, async ({
    page,
  }) => {
    test.slow();
    const [one, other] = await twoTabs(page, path);
    const [typed, stale] = [one.app.getByLabel(field), other.app.getByLabel(field)];
    const before = await typed.inputValue();
    await typed.fill(first);
    await one.save();
    await expect(one.saveBar).toBeHidden();

    await stale.fill(second);
    await other.save();
    await expect(other.app.getByRole('heading', { name: CONFLICT })).toBeVisible();
    await expect(stale).toHaveValue(second);
    await other.app.getByRole('button', { name: 'Load saved version' }).click();
    await expect(stale).toHaveValue(first);
    await expect(other.app.getByRole('heading', { name: CONFLICT })).toBeHidden();

    await typed.fill(before);
    await one.save();
    await expect(one.saveBar).toBeHidden();
    await stale.fill(second);
    await other.save();
    await other.app.getByRole('button', { name: 'Save my version anyway' }).click();
    await expect(other.saveBar).toBeHidden();
    await one.open(path);
    await expect(typed).toHaveValue(second);
    await typed.fill(before);
    await one.save();
    await expect(one.saveBar).toBeHidden();
    await other.page.close();
  });
}

test('a failed save keeps the form, and retrying saves it', async ({ page }) => {
  const dashboard = new Dashboard(page);
  const { app } = dashboard;
  await dashboard.open('/settings');
  const word = app.getByLabel('Singular (French)');
  const before = await word.inputValue();
  await page.route('**/app/settings*', (route) =>
    route.request().method() === 'POST' ? route.abort('connectionfailed') : route.continue(),
  );
  await word.fill('perle');
  await dashboard.save();
  await expect(app.getByText(/LoyalNest is temporarily unavailable/)).toBeVisible();
  await expect(word).toHaveValue('perle');
  await page.unroute('**/app/settings*');
  await app.getByRole('button', { name: 'Try again' }).click();
  await expect(dashboard.saveBar).toBeHidden();
  await dashboard.open('/settings');
  await expect(word).toHaveValue('perle');
  await word.fill(before);
  await dashboard.save();
  await expect(dashboard.saveBar).toBeHidden();
});
