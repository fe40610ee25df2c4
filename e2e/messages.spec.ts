import { expect, test } from '@playwright/test';
import { accessibilityFindings } from './support/accessibility.ts';
import { Dashboard } from './support/dashboard.ts';
import { shopEndpoints } from './support/shop.ts';

test.use({ reducedMotion: 'reduce' });

test('a merchant rewrites an email beside its preview, sends themselves a test, and switches another one off', async ({
  page,
}) => {
  test.slow();
  const dashboard = new Dashboard(page);
  const { app } = dashboard;
  const mail = app.frameLocator('iframe.ln-mail');

  await test.step('the list says what is sent', async () => {
    await dashboard.open('/content/messages');
    await app.getByRole('button', { name: 'Turn off Birthday reward' }).click();
    await expect(app.getByRole('button', { name: 'Turn on Birthday reward' })).toBeVisible();
    expect(await accessibilityFindings(page, dashboard.frame), 'the list').toEqual([]);
    await app.getByRole('link', { name: 'Points earned' }).click();
    await expect(dashboard.heading('Points earned')).toBeVisible();
  });

  await test.step('what is typed is in the preview, and markup is words', async () => {
    await expect(mail.getByText('Your balance', { exact: true })).toBeVisible();
    await expect(app.locator('iframe.ln-mail')).toHaveAttribute('sandbox', '');
    const heading = app.getByRole('group', { name: 'Block 1: Heading' }).getByLabel('Text');
    await heading.fill('Hello <b>{{ first_name }}</b>');
    await expect(mail.getByRole('heading', { name: 'Hello <b>Camille</b>' })).toBeVisible();
    expect(await accessibilityFindings(page, dashboard.frame), 'the editor').toEqual([]);
  });

  await test.step('blocks are moved by keyboard, and removed with a way back', async () => {
    const first = app.getByRole('group', { name: /^Block 1:/ });
    await first.getByRole('button', { name: 'Move down: Heading' }).press('Enter');
    await expect(first.getByRole('heading', { name: 'Text' })).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(app.getByRole('group', { name: 'Block 3: Heading' })).toBeVisible();
    await first.getByRole('button', { name: 'Remove: Text' }).click();
    await expect(first.getByRole('heading', { name: 'Text' })).toBeHidden();
    await app.getByRole('button', { name: 'Undo' }).click();
    await expect(first.getByRole('heading', { name: 'Text' })).toBeVisible();
  });

  await test.step('what is wrong is said beside its field, and nothing is saved', async () => {
    const subject = app.getByLabel('Subject');
    await subject.fill('{{ code }} for you');
    await dashboard.save();
    await expect(subject).toHaveAccessibleDescription(/doesn’t have that value/);
    await subject.fill('Thanks, ');
    await subject.focus();
    await page.keyboard.press('End');
    await app.getByRole('button', { name: 'First name', exact: true }).click();
    await expect(subject).toHaveValue(/^Thanks, ?\{\{ first_name \}\}$/);
    await dashboard.save();
    await expect(app.getByText('Message saved.')).toBeVisible();
  });

  await test.step('a text message shows what it costs, and another language its own words', async () => {
    await app.getByRole('tab', { name: 'Text message' }).click();
    await expect(app.getByText('Sent as 1 message.')).toBeVisible();
    await app.getByRole('tab', { name: 'French' }).click();
    await expect(app.getByText('Default text. It becomes yours when you change it.')).toBeVisible();
    await dashboard.open('/content/messages');
    await expect(app.getByText('Your text: English')).toBeVisible();
  });

  await test.step('a test arrives as typed, and resetting takes back every language', async () => {
    await dashboard.open('/content/messages/points_earned');
    const address = app.getByLabel('Your email address');
    await address.fill('me@merchant.example');
    await app.getByRole('button', { name: 'Send test' }).click();
    await expect(app.getByText('Connect a provider for this channel first.')).toBeVisible();
    await connectSes(dashboard);
    await dashboard.open('/content/messages/points_earned');
    await app.getByLabel('Subject').fill('Not saved, {{ first_name }}');
    await address.fill('me@');
    await app.getByRole('button', { name: 'Send test' }).click();
    await expect(address).toHaveAccessibleDescription(/Enter an email address/);
    await address.fill('me@merchant.example');
    await app.getByRole('button', { name: 'Send test' }).click();
    await expect(app.getByText('Sent through Amazon SES.')).toBeVisible();
    expect(await accessibilityFindings(page, dashboard.frame), 'a sent test').toEqual([]);
    // Past the browser's proxy, which knows Shopify's addresses alone.
    const inbox = await fetch(`${shopEndpoints().shell}/_messages`);
    expect(await inbox.text()).toContain('[Test] Not saved, Camille');
    await app.getByRole('button', { name: 'Reset all languages' }).click();
    await app.getByRole('button', { name: 'Reset message' }).click();
    await expect(app.getByText('Default text. It becomes yours when you change it.')).toBeVisible();
    await dashboard.open('/messages');
    await expect(app.getByText('Test to yourself')).toBeVisible();
  });
});

/** The shop's own provider of mail. */
async function connectSes(dashboard: Dashboard): Promise<void> {
  await dashboard.open('/integrations');
  const { app } = dashboard;
  await app.getByLabel('Access key ID').fill('AKIDEXAMPLE');
  await app.getByLabel('Region').fill('us-east-1');
  await app.getByLabel('Sender address').fill('hello@shop.example');
  await app.getByLabel('Secret access key').fill('a-secret-of-ses');
  await app.getByRole('button', { name: 'Connect', exact: true }).last().click();
  await expect(app.getByText('Connected. The credentials work.')).toBeVisible();
}
