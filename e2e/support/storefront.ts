import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { STORE } from './shop.ts';
import type { Language, Shopper } from './shop.ts';

/**
 * Closes the panel by keyboard. Its entry in the browser's history is removed a moment later,
 * and would end a navigation that begins before.
 */
export async function closePanel(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect.poll(() => page.evaluate(() => 'loyalnest' in Object(history.state))).toBe(false);
}

/** The shop as shoppers see it, with LoyalNest's block, launcher and panel in it. */
export class Storefront {
  readonly page: Page;
  readonly block: Locator;
  readonly amount: Locator;
  readonly launcher: Locator;
  readonly panel: Locator;

  constructor(page: Page) {
    this.page = page;
    this.block = page.locator('loyalnest-balance');
    this.amount = this.block.locator('[data-amount]');
    this.launcher = page.locator('loyalnest-launcher').locator('[data-launcher][role="button"]');
    this.panel = page.getByRole('dialog');
  }

  async open(path = '/', language: Language = 'en'): Promise<void> {
    await this.page.goto(`${STORE}${language === 'en' ? '' : `/${language}`}${path}`);
  }

  /** The demo shop has no passwords: everyone can sign in. */
  async signIn(shopper: Pick<Shopper, 'email'>): Promise<void> {
    const answer = await this.page.request.post(`${STORE}/account/login`, {
      form: { customer: shopper.email },
      headers: { origin: STORE },
    });
    expect(answer.ok()).toBe(true);
  }

  /** The event by which a theme or another app announces a change. */
  async refresh(): Promise<void> {
    await this.page.evaluate(() => document.dispatchEvent(new Event('loyalnest:refresh')));
  }

  async openPanel(): Promise<void> {
    await this.launcher.click();
    await expect(this.panel).toBeVisible();
  }

  /** What the open panel lists: movements of points, or ways to earn them. */
  get entries(): Locator {
    return this.panel.getByRole('listitem');
  }

  /** A button of the open panel. */
  tab(name: string): Locator {
    return this.panel.getByRole('button', { name, exact: true });
  }
}
