// The control API for people: a page with the verbs as buttons and a form for any call.
import { VERBS } from './control.ts';
import { escapeHtml as e, html, type Reply } from './http.ts';
import { readFileSync } from 'node:fs';
import { totalsOf } from './order-totals.ts';
import { toDecimal } from './money.ts';
import type { World } from './world.ts';

const RECENT = 25;

export function controlPage(world: World): Reply {
  const { data } = world,
    css = readFileSync(new URL('browser/shell.css', import.meta.url), 'utf8'),
    script = readFileSync(new URL('browser/control.js', import.meta.url), 'utf8');
  const last = [...data.orders.values()].sort(
      (a, b) => b.createdAt.localeCompare(a.createdAt) || b.id - a.id,
    )[0],
    [customer] = data.customers.values();
  const examples: [string, string, unknown][] = [
    ['Place an order of 100', 'order', { customer: customer?.email ?? null, total: '100.00' }],
    ['Place an order as a guest', 'order', { customer: null, total: '40.00' }],
    [
      'Place an unpaid order',
      'order',
      { customer: customer?.email ?? null, total: '60.00', paid: false },
    ],
    [
      'Send each webhook ten times',
      'order',
      { customer: customer?.email ?? null, total: '25.00', times: 10 },
    ],
    ...(last
      ? ([
          ['Refund half of the last order', 'refund', { order: last.id, fraction: 0.5 }],
          ['Cancel the last order', 'cancel', { order: last.id }],
          ['Pay the last order', 'pay', { order: last.id }],
        ] as [string, string, unknown][])
      : []),
    [
      'Webhook with a bad signature',
      'deliver',
      { topic: 'orders/paid', body: {}, signature: 'bad' },
    ],
    [
      'Webhook without a signature',
      'deliver',
      { topic: 'orders/paid', body: {}, signature: 'missing' },
    ],
    ['Move the clock two days ahead', 'clock', { days: 2 }],
    ...(customer
      ? ([['Data request', 'customers/data_request', { customer: customer.id }]] as [
          string,
          string,
          unknown,
        ][])
      : []),
    ['Uninstall', 'uninstall', {}],
    ['Install', 'install', {}],
    ['Start over', 'reset', { seed: 'demo' }],
  ];
  const deliveries = data.deliveries
    .slice(-RECENT)
    .reverse()
    .map(
      (delivery) =>
        `<tr><td>${delivery.triggeredAt.slice(11, 19)}</td><td>${e(delivery.topic)}</td><td><span class="pill ${delivery.status === 'delivered' ? 'good' : delivery.status === 'failed' ? 'bad' : 'warn'}">${delivery.status}</span></td><td>${delivery.attempts.map((attempt) => e(String(attempt.status ?? attempt.error ?? '?'))).join(', ')}</td></tr>`,
    )
    .join('');
  const orders = [...data.orders.values()]
    .slice(-8)
    .reverse()
    .map(
      (order) =>
        `<tr><td>#${order.number}</td><td>${order.id}</td><td>${toDecimal(totalsOf(order).total, order.currency)} ${order.currency}</td><td>${order.cancelledAt ? 'cancelled' : order.financialStatus}</td></tr>`,
    )
    .join('');
  return html(`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Control panel</title><link rel="icon" href="data:,"><style>${css} body{display:block;background:var(--bg);height:auto;overflow:auto}.card button{margin:0 6px 6px 0}</style></head><body><div class="page">
<h1>Control panel for ${e(data.shop.domain)}</h1><p><a href="/">Admin</a> · <a href="/store">Online store</a> · store clock: <strong>${world.clock.iso()}</strong></p>
<div class="card"><h2>Examples</h2>${examples.map(([label, verb, body]) => `<button type="button" data-example="${verb}" data-body="${e(JSON.stringify(body, null, 1))}">${label}</button>`).join('')}</div>
<div class="card"><form id="call"><label>Verb <select id="verb" name="verb" style="background:#fff;color:inherit">${Object.keys(
    VERBS,
  )
    .map((verb) => `<option>${verb}</option>`)
    .join(
      '',
    )}</select></label><p><textarea id="body" aria-label="JSON body" spellcheck="false">{ "total": "100.00" }</textarea></p><button class="primary">Send</button></form><pre id="answer" aria-live="polite"></pre></div>
<div class="card"><h2>POS order</h2><p>Place an order at the register, with a discount code or a gift card.</p><form id="counter"><label>Customer <input name="customer" value="${e(customer?.email ?? '')}"></label> <label>Amount <input name="subtotal" value="20.00" inputmode="decimal"></label> <label>Discount code <input name="code"></label> <label>Gift card <input name="card"></label> <button>Place order</button></form></div>
<div class="card"><h2>Orders</h2><table><tbody>${orders}</tbody></table></div><div class="card"><h2>Webhook deliveries</h2><table><thead><tr><th>Time</th><th>Topic</th><th>Status</th><th>Responses</th></tr></thead><tbody>${deliveries}</tbody></table></div>
</div><script>${script}</script></body></html>`);
}
