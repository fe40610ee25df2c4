import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** What axe finds to be serious or critical, in words: on the whole page, or in one of its frames alone. */
export async function accessibilityFindings(page: Page, frame?: string): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const { violations } = await (frame === undefined ? axe : axe.include([frame, 'html'])).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ html }) => html).join(' ')})`);
}
