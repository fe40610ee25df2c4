import { expect, test } from '@playwright/test';
import { accessibilityFindings } from './support/accessibility.ts';
import { Dashboard } from './support/dashboard.ts';

test.use({ reducedMotion: 'reduce' });

test('a merchant rewrites an email beside its preview, and switches another one off', async ({
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
});
