import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { z } from 'zod';
import { control, STORE } from './shop.ts';

const goodsAnswer = z.object({
  products: z.array(
    z.object({ id: z.number(), variantId: z.number(), handle: z.string(), price: z.number() }),
  ),
  collections: z.array(z.object({ id: z.number(), title: z.string() })),
});
export type Goods = z.output<typeof goodsAnswer>;

/** What the shop sells, prices in cents. */
export const goodsOfShop = (): Promise<Goods> => control('state', { limit: 1 }, goodsAnswer);

/** The shop's checkout, as a buyer with a cart sees it. Money in cents. */
export class Checkout {
  readonly page: Page;
  readonly problem: Locator;
  readonly code: Locator;

  constructor(page: Page) {
    this.page = page;
    this.problem = page.locator('main').getByRole('alert');
    this.code = page.getByLabel('Discount code or gift card');
  }

  async put(goods: Goods, handle: string, quantity = 1): Promise<void> {
    const product = goods.products.find((one) => one.handle === handle);
    const answer = await this.page.request.post(`${STORE}/cart/add`, {
      form: { id: String(product?.variantId), quantity: String(quantity) },
      headers: { origin: STORE },
    });
    expect(answer.ok()).toBe(true);
  }

  async open(): Promise<void> {
    await this.page.goto(`${STORE}/checkout`);
  }

  async enter(code: string): Promise<void> {
    await this.code.fill(code);
    await this.page.getByRole('button', { name: 'Apply' }).click();
    await expect(this.code).toHaveValue('');
  }

  /** A line of the sums below the goods. */
  async sum(label: string): Promise<number> {
    const amount = this.page
      .locator('.sum')
      .filter({ has: this.page.getByText(label, { exact: true }) })
      .locator('span')
      .last();
    const [text = ''] = /[\d,.]+/.exec((await amount.textContent()) ?? '') ?? [];
    return text === '' ? 0 : Math.round(Number(text.replaceAll(',', '')) * 100);
  }

  /** What a code takes off what there is to pay. */
  async off(code: string, label = 'Total'): Promise<number> {
    const before = await this.sum('Total');
    await this.enter(code);
    return before - (await this.sum(label));
  }

  async pay(): Promise<void> {
    await this.page.getByRole('button', { name: 'Pay now' }).click();
    await expect(this.page.getByRole('heading', { name: /^Thank you/ })).toBeVisible();
  }
}
