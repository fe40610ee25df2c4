import { expect } from '@playwright/test';
import type { FrameLocator, Locator, Page } from '@playwright/test';
import { ADMIN } from './shop.ts';
import type { Language, Shopper } from './shop.ts';

/** Every page without an id in its path. */
export const PAGES = [
  '',
  '/customers',
  '/program',
  '/program/earn/purchase',
  '/program/trial',
  '/tiers',
  '/campaigns',
  '/campaigns/new',
  '/referrals',
  '/referrals/settings',
  '/content',
  '/expiry',
  '/activity',
  '/deliveries',
  '/settings',
] as const;

/** LoyalNest as the merchant sees it: a frame in Shopify's admin, whose title bar and save bar belong to the admin. */
export class Dashboard {
  readonly page: Page;
  readonly frame = 'iframe[name="app-iframe"]';
  readonly app: FrameLocator;

  constructor(page: Page) {
    this.page = page;
    this.app = page.frameLocator(this.frame);
  }

  /** @param path below the app's own address, such as `/customers` */
  async open(path = '', language: Language = 'en'): Promise<void> {
    await this.page.goto(this.addressOf(path, language));
    await expect(this.app.getByRole('heading', { level: 1 })).toBeVisible();
    await this.takenOver();
  }

  addressOf(path: string, language: Language): string {
    const url = new URL(`${ADMIN}/apps/loyalnest/app${path}`);
    if (language !== 'en') url.searchParams.set('locale', language);
    return url.href;
  }

  async openCustomer(
    shopper: Pick<Shopper, 'email' | 'name'>,
    language: Language = 'en',
  ): Promise<void> {
    await this.open(`/customers?query=${encodeURIComponent(shopper.email)}`, language);
    await this.app.getByRole('link', { name: shopper.name }).click();
    await expect(this.heading(shopper.name)).toBeVisible();
  }

  heading(name: string): Locator {
    return this.app.getByRole('heading', { name, level: 1 });
  }

  /** One of the page's actions, at its top right. */
  async press(name: string): Promise<void> {
    await this.app.getByRole('button', { name, exact: true }).first().click();
  }

  /** Chooses a value of one of a list's filters. */
  async filter(name: string, value: string): Promise<void> {
    await this.openFilters();
    await this.app.getByRole('button', { name: new RegExp(`^${name}(:|$)`) }).click();
    await this.app.getByRole('radio', { name: value, exact: true }).check({ force: true });
    await this.page.keyboard.press('Escape');
  }

  /** A list shows its search and filters on demand. */
  async openFilters(): Promise<void> {
    const opener = this.app.getByRole('button', { name: /^(Search and )?filter results/i });
    const cancel = this.app.getByRole('button', { name: 'Cancel', exact: true });
    await expect(opener.or(cancel).first()).toBeVisible();
    if (await opener.isVisible()) await opener.click();
  }

  get saveBar(): Locator {
    return this.page.locator('#save-bar');
  }

  save(): Promise<void> {
    return this.saveBar.getByRole('button', { name: 'Save' }).click();
  }

  /** A row of the customer's ledger, found by its reason. */
  entry(reason: string): Locator {
    return this.app
      .getByRole('table', { name: 'All points added and deducted, newest first' })
      .getByRole('row')
      .filter({ hasText: reason });
  }

  figure(name: string): Locator {
    return this.app.locator(`.ln-figure:has(dt:text-is("${name}")) .ln-value`);
  }

  get available(): Locator {
    return this.figure('Available');
  }

  /** Waits for hydration: input before it would be lost. */
  private async takenOver(): Promise<void> {
    const isTakenOver = () =>
      this.app
        .locator('main')
        .evaluate((main) => Object.keys(main).some((key) => key.startsWith('__reactFiber')));
    await expect.poll(isTakenOver).toBe(true);
  }
}
