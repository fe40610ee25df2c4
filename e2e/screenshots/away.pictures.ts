import path from 'node:path';
import { test } from '@playwright/test';
import { holderOf } from '#infra/local/lock.mjs';
import { signalGroup } from '#infra/local/process.ts';
import { Camera } from './camera.ts';
import { optionsOf, views } from './views.ts';

/** Core, which keeps all data, does not answer; last, as every other picture needs it. */
function toCore(signal: NodeJS.Signals): void {
  const pid = holderOf(path.join(process.env.DATA_DIR ?? '', 'run', 'core.pid'));
  if (pid === undefined) throw new Error('Core is not running.');
  signalGroup(pid, signal);
}

test.beforeAll(() => toCore('SIGSTOP'));
test.afterAll(() => toCore('SIGCONT'));

for (const view of views()) {
  test.describe(`without core, ${view.language} at ${view.width} px`, () => {
    test.use(optionsOf(view));

    test('the dashboard says what works and what does not', async ({ page }) => {
      test.setTimeout(120_000);
      const camera = new Camera(page, view);
      for (const [name, address] of [
        ['home-away', ''],
        ['customers-away', '/customers'],
        ['status-away', '/status'],
      ] as const) {
        await page.goto(camera.dashboard.addressOf(address, view.language));
        await camera.dashboard.app.getByRole('heading', { level: 1 }).waitFor({ timeout: 40_000 });
        await camera.dashboardPage('states', name);
      }
    });
  });
}
