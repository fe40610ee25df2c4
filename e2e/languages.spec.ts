import { expect, test } from '@playwright/test';
import { Dashboard } from './support/dashboard.ts';
import { newShopper, placeOrder } from './support/shop.ts';
import { Storefront } from './support/storefront.ts';

const dashboardIn = {
  es: {
    home: 'Inicio',
    customers: 'Clientes',
    sentence: (order: string) => `Compra, pedido ${order}: 1234,50 US$ × 10 puntos.`,
    points: '12.345 puntos',
  },
  fr: {
    home: 'Accueil',
    customers: 'Clients',
    sentence: (order: string) => `Achat, commande ${order} : 1 234,50 $US × 10 points.`,
    points: '12 345 points',
  },
} as const;
const storefrontIn = {
  es: { title: 'Tu saldo', points: '12.345 puntos', history: 'Historial', after: 'Saldo 12.345' },
  fr: {
    title: 'Votre solde',
    points: '12 345 points',
    history: 'Historique',
    after: 'Solde 12 345',
  },
} as const;

for (const language of ['es', 'fr'] as const) {
  test(`merchant and shopper read ${language === 'es' ? 'Spanish' : 'French'}, numbers and reasons included`, async ({
    page,
  }) => {
    const shopper = await newShopper('Ines', { hasAccount: false });
    const { order } = await placeOrder({ customer: shopper, subtotal: '1234.50' });

    const words = dashboardIn[language];
    const dashboard = new Dashboard(page);
    await dashboard.open('', language);
    await expect(dashboard.heading(words.home)).toBeVisible();
    await expect(dashboard.app.locator('html')).toHaveAttribute('lang', language);
    await expect(async () => {
      await dashboard.openCustomer(shopper, language);
      await expect(dashboard.app.getByText(words.sentence(order.name))).toBeVisible({
        timeout: 500,
      });
    }).toPass();
    await expect(dashboard.app.getByText(words.points, { exact: true })).toBeVisible();

    const store = new Storefront(page);
    await store.signIn(shopper);
    await store.open('/', language);
    const said = storefrontIn[language];
    await expect(store.block).toContainText(said.title);
    await expect(store.amount).toHaveText(said.points);
    await store.openPanel();
    await store.tab(said.history).click();
    await expect(store.entries.first()).toContainText(words.sentence(order.name));
    await expect(store.entries.first()).toContainText(said.after);
  });
}
