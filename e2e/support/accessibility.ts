import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** Axe's serious and critical findings as text, for the whole page or one frame. */
export async function accessibilityFindings(page: Page, frame?: string): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const { violations } = await (
    frame === undefined
      ? axe
      : // What shows a mail runs no script, the audit's neither.
        axe.include([frame, 'html']).exclude([frame, 'iframe[sandbox=""]'])
  ).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ html }) => html).join(' ')})`);
}
