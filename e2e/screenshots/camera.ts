import { expect } from '@playwright/test';
import type { FrameLocator, Locator, Page } from '@playwright/test';
import { Dashboard } from '../support/dashboard.ts';
import { fileOf, viewportOf } from './views.ts';
import type { Part, View } from './views.ts';

/** Longer pages are cut here; what follows is more of the same. */
const tallest: Readonly<Record<View['width'], number>> = { 1280: 1_700, 375: 2_600 };
const settleMs = 3_000;

/** Takes the pictures of one language and width, each as tall as what there is to see. */
export class Camera {
  readonly page: Page;
  readonly view: View;
  readonly dashboard: Dashboard;

  constructor(page: Page, view: View) {
    this.page = page;
    this.view = view;
    this.dashboard = new Dashboard(page);
  }

  /** A page of the dashboard, in the frame of Shopify's admin. */
  async dashboardPage(part: Part, name: string): Promise<void> {
    const { app, frame } = this.dashboard;
    await settled(app);
    const content = await app.locator('body').evaluate((body) => body.scrollHeight);
    const above = await this.page.locator(frame).boundingBox();
    const top = Math.ceil(above?.y ?? 0);
    await this.#grow(top + content);
    const inner = () => app.locator('html').evaluate(() => window.innerHeight);
    const { height } = this.page.viewportSize() ?? viewportOf(this.view);
    // The frame resizes a moment after the page.
    await expect.poll(inner).toBeGreaterThanOrEqual(height - top - 1);
    await painted(app.locator('html'));
    await this.#take(part, name);
  }

  /** A page of the shop or of the console, with frames of extensions in it. */
  async wholePage(part: Part, name: string): Promise<void> {
    await settled(this.page);
    await this.#grow(await this.page.evaluate(() => document.documentElement.scrollHeight));
    await painted(this.page.locator('html'));
    await this.#take(part, name);
  }

  /** What is on the screen now: a dialog, or a panel over the page. */
  async screen(part: Part, name: string): Promise<void> {
    await settled(this.page);
    await this.#take(part, name);
  }

  async #grow(wanted: number): Promise<void> {
    const { width, height } = viewportOf(this.view);
    const whole = Math.min(tallest[this.view.width], Math.max(height, Math.ceil(wanted)));
    await this.page.setViewportSize({ width, height: whole });
  }

  async #take(part: Part, name: string): Promise<void> {
    const path = fileOf(this.view, part, name);
    await this.page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    await this.page.setViewportSize(viewportOf(this.view));
  }
}

/**
 * Waits for fonts and pictures. A page with a live stream is never idle, and one that waits forever is a state to be
 * shown: after a few seconds the picture is taken as it is.
 */
async function settled(where: Page | FrameLocator): Promise<void> {
  await where.locator('html').evaluate(async (_html, limit) => {
    const pictures = [...document.images].filter(({ complete }) => !complete);
    const loaded = pictures.map(
      (picture) =>
        new Promise((resolve) => {
          picture.addEventListener('load', resolve, { once: true });
          picture.addEventListener('error', resolve, { once: true });
        }),
    );
    await Promise.race([
      Promise.all([document.fonts.ready, ...loaded]),
      new Promise((resolve) => setTimeout(resolve, limit)),
    ]);
  }, settleMs);
}

/** Waits two frames: one may be in progress, the next shows the change. */
function painted(html: Locator): Promise<unknown> {
  return html.evaluate(
    () =>
      new Promise((resolve) =>
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))),
      ),
  );
}
