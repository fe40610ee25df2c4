// The admin's own pages: enough of orders, customers, products, discounts and themes to work with a shop.
import { escapeHtml as e } from './http.ts';
import { toDecimal } from './money.ts';
import { totalsOf } from './order-totals.ts';

import type { ShellWords } from './shell-words.ts';
import { statusOf } from './discounts.ts';
import type { FinancialStatus, Order } from './state.ts';
import type { ShellPlace, World } from './world.ts';

const SHOWN = 50;
const TONE: Readonly<Record<FinancialStatus, string>> = {
  pending: 'warn',
  authorized: 'warn',
  partially_paid: 'warn',
  paid: 'good',
  partially_refunded: '',
  refunded: '',
  voided: 'bad',
};

const button = (verb: string, body: unknown, label: string): string =>
  `<button type="button" data-verb="${verb}" data-body="${e(JSON.stringify(body))}">${label}</button>`;
const table = (head: string[], rows: string[][], none: string): string =>
  rows.length === 0
    ? `<p class="muted">${none}</p>`
    : `<table><thead><tr>${head.map((cell) => `<th scope="col">${cell}</th>`).join('')}</tr></thead><tbody>${rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('')}</tbody></table>`;
const page = (title: string, body: string): string =>
  `<div id="bar"><h1>${title}</h1></div><div class="page"><div class="card">${body}</div></div>`;

export function adminPage(
  world: World,
  name: string,
  words: ShellWords,
  place: ShellPlace,
): string {
  const { data } = world,
    { currency } = data.shop,
    money = (minor: number): string =>
      new Intl.NumberFormat(words.locale, { style: 'currency', currency }).format(
        Number(toDecimal(minor, currency)),
      ),
    when = new Intl.DateTimeFormat(words.locale, {
      dateStyle: 'medium',
      timeStyle: 'short',
      timeZone: data.shop.timeZone,
    });
  switch (name) {
    case 'home':
      return page(
        words.home,
        `<div class="grid"><div><strong>${data.orders.size}</strong><br>${words.orders}</div><div><strong>${data.customers.size}</strong><br>${words.customers}</div><div><strong>${data.discounts.size}</strong><br>${words.discounts}</div></div>`,
      );
    case 'orders': {
      const rows = [...data.orders.values()]
        .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
        .slice(0, SHOWN)
        .map((order) => {
          const customer =
            order.customerId === null ? undefined : data.customers.get(order.customerId);
          return [
            `<strong>#${order.number}</strong>`,
            when.format(new Date(order.createdAt)),
            customer ? e(`${customer.firstName ?? ''} ${customer.lastName ?? ''}`) : words.guest,
            money(totalsOf(order).total),
            `<span class="pill ${TONE[order.financialStatus]}">${words.statuses[order.cancelledAt ? 'cancelled' : order.financialStatus]}</span>`,
            actions(order, words),
          ];
        });
      return page(
        words.orders,
        table(
          [words.order, words.date, words.customer, words.total, words.status, words.actions],
          rows,
          words.none,
        ),
      );
    }
    case 'customers':
      return page(
        words.customers,
        table(
          [words.customer, words.email, words.orders, words.spent],
          [...data.customers.values()]
            .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt))
            .slice(0, SHOWN)
            .map((customer) => [
              e(`${customer.firstName ?? ''} ${customer.lastName ?? ''}`),
              e(customer.email ?? ''),
              String(customer.orders),
              money(customer.spent),
            ]),
          words.none,
        ),
      );
    case 'products':
      return page(
        words.products,
        table(
          [words.products, words.price],
          data.products.map((product) => [e(product.title), money(product.price)]),
          words.none,
        ),
      );
    case 'discounts':
      return page(
        words.discounts,
        table(
          [words.code, words.discounts, words.used, words.state],
          [...data.discounts.values()]
            .reverse()
            .slice(0, SHOWN)
            .map((discount) => [
              `<code>${e(discount.codes[0]?.code ?? '')}</code>`,
              e(discount.title),
              String(discount.codes.reduce((sum, code) => sum + code.used, 0)),
              words.statuses[statusOf(discount, world.clock.now())],
            ]),
          words.none,
        ),
      );
    case 'themes': {
      const row = (label: string, on: boolean, key: string): string[] => [
        label,
        `<span class="pill ${on ? 'good' : ''}">${on ? words.on : words.off}</span>`,
        button('theme', { [key]: !on }, on ? words.turnOff : words.turnOn),
      ];
      return page(
        words.store,
        `${table(['', '', ''], [row(words.embed, data.theme.embedOn, 'embed'), row(words.block, data.theme.blockOn, 'block')], '')}<p><a href="${place.local ? '/store' : `https://${data.shop.domain}/`}" target="_blank" rel="noopener">${words.view}</a></p>`,
      );
    }
    default:
      return page(e(name), `<p class="muted">${words.notModeled}</p>`);
  }
}

function actions(order: Order, words: ShellWords): string {
  const paid = order.financialStatus === 'paid' || order.financialStatus === 'partially_refunded';
  if (order.cancelledAt || order.financialStatus === 'refunded') return '';
  return [
    order.financialStatus === 'pending' ? button('pay', { order: order.id }, words.pay) : '',
    order.financialStatus === 'paid'
      ? button('refund', { order: order.id, fraction: 0.5 }, words.refundHalf)
      : '',
    paid ? button('refund', { order: order.id }, words.refundAll) : '',
    button('cancel', { order: order.id }, words.cancelOrder),
  ].join('');
}
