import { expect, test } from '@playwright/test';
import type { Locator } from '@playwright/test';
import { accessibilityFindings } from './support/accessibility.ts';
import { Dashboard } from './support/dashboard.ts';
import { STORE } from './support/shop.ts';
import { Storefront } from './support/storefront.ts';

test.use({ reducedMotion: 'reduce' });

/** One pixel. */
const smallestPng =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

test('content is previewed while it is typed, then shown in the shop, and can be restored', async ({
  page,
}) => {
  test.slow();
  const dashboard = new Dashboard(page);
  const { app } = dashboard;
  const preview = app.frameLocator('.ln-stage iframe[data-shown]');
  const pill = preview.locator('loyalnest-launcher [data-launcher]');
  const bar = preview.locator('loyalnest-launcher [data-bar]');
  const tab = (name: string) => app.getByRole('tab', { name });
  await dashboard.open('/content');
  await expect(pill).toContainText('1,250');
  const [beforeLeft] = await place(pill);

  await test.step('the preview opens no window and no other page', async () => {
    const frame = app.locator('.ln-stage iframe[data-shown]');
    await expect(frame).toHaveAttribute('sandbox', 'allow-scripts allow-same-origin');
    const opened = await read(pill, () => window.open('about:blank') !== null);
    expect(opened).toBe(false);
  });

  await test.step('a color without enough contrast is refused, with the nearest that has it', async () => {
    const color = app.getByLabel('Brand color', { exact: true });
    await color.fill('#4caf50');
    await expect(color).toHaveAccessibleDescription(/has a contrast of 2\.7:1/);
    await expect(app.getByRole('button', { name: 'Use #1d8828' })).toBeVisible();
    expect(await accessibilityFindings(page, dashboard.frame), 'a pale color').toEqual([]);
    await app.getByRole('button', { name: 'Use #1d8828' }).click();
    await expect(color).toHaveValue('#1d8828');
    await expect(color).toHaveAccessibleDescription(/4\.5:1\. Easy to read/);
    await expect.poll(() => background(pill)).toBe('rgb(29, 136, 40)');
  });

  await test.step('side, icon, language and shopper change in the preview without saving', async () => {
    await app.getByText('Left', { exact: true }).click();
    await app.getByLabel('Icon').selectOption('Crown');
    await expect(
      preview.locator('loyalnest-launcher [data-launcher] path[d^="M3 8l4.5"]'),
    ).toBeVisible();
    await expect.poll(async () => (await place(pill))[0]).toBeLessThan(beforeLeft);
    await app.getByLabel('Text for guests (English)').fill('Mug club');
    await app.getByRole('button', { name: 'Guest', exact: true }).click();
    await expect(pill).toContainText('Mug club');
    await app.getByLabel('Preview language').selectOption('Français');
    await expect(preview.getByText('Créer un compte').first()).toBeVisible();
    await app.getByLabel('Preview language').selectOption('English');
  });

  await test.step('the panel opens in the preview and does not take the focus', async () => {
    await tab('Panel').click();
    const welcome = app.getByLabel('Welcome message for guests (English)');
    await welcome.fill('Sip and save.');
    await expect(preview.getByRole('dialog').getByText('Sip and save.')).toBeVisible();
    await expect(welcome).toBeFocused();
    await expect(preview.getByText(/for every \$1 you spend/)).toBeVisible();
    expect(await accessibilityFindings(page, dashboard.frame), 'the open panel').toEqual([]);
    const chooser = app.locator('input[type="file"]').first();
    const file = (name: string, content: Buffer) => ({
      name,
      mimeType: 'image/png',
      buffer: content,
    });
    await chooser.setInputFiles(file('logo.png', Buffer.from('<svg/>')));
    await expect(app.getByText('Choose a PNG, JPEG or WebP image.')).toBeVisible();
    await chooser.setInputFiles(file('logo.png', Buffer.from(smallestPng, 'base64')));
    await expect(preview.getByRole('dialog').locator('img.logo')).toHaveAttribute(
      'src',
      /\/pictures\/[\w-]+\/\w{32}\.webp$/,
    );
    await app.getByRole('button', { name: 'Remove image: Logo (optional)' }).click();
    await expect(preview.getByRole('dialog').locator('img.logo')).toBeHidden();
  });

  await test.step('a bar without a text is refused beside the field, whatever tab is open', async () => {
    await tab('Sticky bar').click();
    await app.getByLabel('Show sticky bar').check();
    await tab('Launcher').click();
    await dashboard.save();
    const text = app.getByLabel('Text (English)');
    await expect(text).toHaveAccessibleDescription(/Enter a text in at least one language/);
    await text.fill('Points for every cup');
    await app.getByLabel('Bar color', { exact: true }).fill('#7a1f5c');
    await expect(bar).toContainText('Points for every cup');
    await expect.poll(() => background(bar)).toBe('rgb(122, 31, 92)');
    await app.getByRole('button', { name: 'Phone', exact: true }).click();
    await expect(bar).toBeHidden();
    await app.getByRole('button', { name: 'Desktop', exact: true }).click();
  });

  await test.step('page, card and checkout have previews too', async () => {
    await tab('Rewards page').click();
    await app.getByLabel('Heading (English)').fill('The mug club');
    await expect(preview.getByRole('heading', { name: 'The mug club' })).toBeVisible();
    await tab('After purchase').click();
    await app.getByRole('button', { name: 'Member', exact: true }).click();
    await app.getByLabel('Text for members (English)').fill('Your next cup is nearer.');
    await expect(preview.getByText('Your next cup is nearer.')).toBeVisible();
    await tab('Checkout').click();
    await expect(preview.getByText('This order earns 500 points')).toBeVisible();
  });

  await dashboard.save();
  await expect(app.getByText('Content saved. Your store updates within seconds.')).toBeVisible();
  await expect(dashboard.saveBar).toBeHidden();

  const shop = await page.context().newPage();
  const store = new Storefront(shop);
  const launcher = shop.locator('loyalnest-launcher [data-launcher]');
  await expect(async () => {
    await shop.goto(STORE);
    await expect(launcher).toContainText('Mug club', { timeout: 500 });
  }).toPass();
  expect(await background(launcher)).toBe('rgb(29, 136, 40)');
  expect((await place(launcher))[0]).toBeLessThan(100);
  await expect(shop.locator('[data-bar]')).toContainText('Points for every cup');
  await store.openPanel();
  await expect(store.panel.getByText('Sip and save.')).toBeVisible();

  await test.step('saving over someone else’s changes warns and loses nothing', async () => {
    const other = new Dashboard(await page.context().newPage());
    await other.open('/content');
    await other.app.getByLabel('Text for guests (English)').fill('Cup club');
    await other.save();
    await expect(
      other.app.getByText('Content saved. Your store updates within seconds.'),
    ).toBeVisible();
    await other.page.close();

    await tab('Launcher').click();
    const text = app.getByLabel('Text for guests (English)');
    await text.fill('Tea club');
    await dashboard.save();
    await expect(app.getByText('Someone else saved changes to this page')).toBeVisible();
    await expect(text).toHaveValue('Tea club');
    await app.getByRole('button', { name: 'Load saved version' }).click();
    await expect(text).toHaveValue('Cup club');
    await expect(dashboard.saveBar).toBeHidden();
  });

  await app.getByRole('button', { name: 'Restore version 1' }).click();
  await expect(app.getByText('Version restored. Your store updates within seconds.')).toBeVisible();
  await expect(app.getByLabel('Text for guests (English)')).toHaveValue('');
  await expect(async () => {
    await shop.goto(STORE);
    await expect(launcher).toContainText('Earn points', { timeout: 500 });
  }).toPass();
  await expect(shop.locator('[data-bar]')).toHaveCount(0);
});

const background = (element: Locator): Promise<string> =>
  read(element, (node) => getComputedStyle(node).backgroundColor);

/** Its start and end in pixels of its own page. */
const place = (element: Locator): Promise<[number, number]> =>
  read(element, (node): [number, number] => {
    const { left, right } = node.getBoundingClientRect();
    return [left, right];
  });

/** The preview draws a new frame after typing, so a stale element is looked up again. */
async function read<Value>(
  element: Locator,
  look: (node: HTMLElement | SVGElement) => Value,
): Promise<Value> {
  let seen: { value: Value } | undefined;
  await expect(async () => {
    seen = { value: await element.evaluate(look) };
  }).toPass();
  return (seen as { value: Value }).value;
}
