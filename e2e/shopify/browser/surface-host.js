// The host of an extension: elements named as Shopify's, and the part of its API that a page of the emulator has.
const data = JSON.parse(document.getElementById('surface').textContent);

/** An element with a shadow root, rendered again when one of `attributes` changes. */
function define(tag, attributes, draw) {
  customElements.define(
    tag,
    class extends HTMLElement {
      static observedAttributes = attributes;
      connectedCallback() {
        this.#draw();
      }
      attributeChangedCallback() {
        if (this.isConnected) this.#draw();
      }
      #draw() {
        const root = this.shadowRoot ?? this.attachShadow({ mode: 'open', delegatesFocus: true });
        draw(this, root);
      }
    },
  );
}

const make = (tag, properties = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  element.append(...children);
  return element;
};
const slot = () => make('slot');
const isOn = (element, name) => element.hasAttribute(name) && element.getAttribute(name) !== 'false';
const style = (text) => make('style', { textContent: `*{box-sizing:border-box}${text}` });
const svg = (body, size = 20) => {
  const icon = make('span', { className: 'icon' });
  icon.innerHTML = `<svg viewBox="0 0 20 20" width="${size}" height="${size}" fill="none" stroke="currentColor" stroke-width="1.6" aria-hidden="true">${body}</svg>`;
  return icon;
};
const icons = {
  critical: '<circle cx="10" cy="10" r="8"/><path d="M10 5.5v5.5M10 13.5v.6"/>',
  warning: '<path d="M10 3 18 17H2zM10 8v4M10 14v.6"/>',
  success: '<circle cx="10" cy="10" r="8"/><path d="m6.5 10 2.5 2.5 4.5-5"/>',
  info: '<circle cx="10" cy="10" r="8"/><path d="M10 9v5M10 6v.6"/>',
};

// Each host draws the same elements in its own way: on the checkout a section is a heading, in accounts it is a card.
const surface = data.target.startsWith('pos.')
  ? 'pos'
  : data.target.startsWith('customer-account.')
    ? 'account'
    : 'checkout';
document.documentElement.dataset.surface = surface;
const isPos = surface === 'pos';

define('s-page', ['heading', 'subheading'], (element, root) => {
  const words = element.getAttribute('heading');
  const bar = make('div', { className: 'bar' }, make('h1', { textContent: words ?? '' }));
  if (isPos) {
    const close = make('button', { type: 'button', ariaLabel: data.close });
    close.append(svg('<path d="M5 5l10 10M15 5 5 15"/>', 22));
    close.addEventListener('click', () => parent.postMessage('dismiss', location.origin));
    bar.prepend(close);
  }
  root.replaceChildren(
    style(
      isPos
        ? '.bar{display:flex;align-items:center;gap:12px;padding:8px 12px;border-bottom:1px solid #e3e3e3}h1{flex:1;margin:0 46px 0 0;font-size:17px;line-height:1.3;text-align:center}button{width:46px;height:46px;padding:0;border:0;border-radius:12px;background:none;color:inherit;cursor:pointer}button:focus-visible{outline:2px solid #1460a8}.icon{display:grid;place-items:center}.body{padding:20px}'
        : 'h1{margin:0 0 20px;font-size:22px;line-height:1.3}',
    ),
    bar,
    make('div', { className: 'body' }, slot()),
  );
});
define('s-section', ['heading'], (element, root) => {
  const words = element.getAttribute('heading');
  root.replaceChildren(
    style('h2{margin:0 0 12px;font-size:18px;line-height:1.3;font-weight:600}'),
    ...(words ? [make('h2', { textContent: words })] : []),
    slot(),
  );
});
define('s-banner', ['heading', 'tone'], (element, root) => {
  const tone = element.getAttribute('tone') ?? 'info';
  const [ground, line, ink] = {
    critical: ['#fef1f0', '#f3c7c2', '#8e1f0b'],
    warning: ['#fff8e6', '#f0dca5', '#5e4200'],
    success: ['#eefaf2', '#bfe5cd', '#0c5132'],
    info: ['#eff6fd', '#c6dff5', '#0b4478'],
  }[tone] ?? ['#eff6fd', '#c6dff5', '#0b4478'];
  root.replaceChildren(
    style(
      `div.banner{display:flex;gap:10px;padding:12px 14px;border:1px solid ${line};border-radius:8px;background:${ground}}.icon{color:${ink};line-height:0;margin-top:1px}p{margin:0;font-weight:600}.rest{flex:1;min-width:0}::slotted(*){margin-top:8px}`,
    ),
    make(
      'div',
      { className: 'banner', role: tone === 'critical' ? 'alert' : 'status' },
      svg(icons[tone] ?? icons.info),
      make(
        'div',
        { className: 'rest' },
        make('p', { textContent: element.getAttribute('heading') ?? '' }),
        slot(),
      ),
    ),
  );
});
define(
  's-button',
  ['disabled', 'loading', 'variant', 'tone', 'accessibilitylabel', 'inlinesize'],
  (element, root) => {
    const isMain = element.getAttribute('variant') === 'primary';
    const isBad = element.getAttribute('tone') === 'critical';
    const isWaiting = isOn(element, 'loading');
    const label = element.getAttribute('accessibilitylabel');
    const button = make(
      'button',
      { type: 'button', disabled: isOn(element, 'disabled') || isWaiting },
      make('span', {}, slot()),
    );
    if (label) button.setAttribute('aria-label', label);
    if (isWaiting) button.setAttribute('aria-busy', 'true');
    button.addEventListener('click', () => {
      const target = document.getElementById(element.getAttribute('commandfor') ?? '');
      if (element.getAttribute('command') === '--copy' && target)
        void navigator.clipboard?.writeText(target.getAttribute('text') ?? '');
    });
    const main = isPos ? '#1f1f1f' : '#1460a8';
    const colors = isMain
      ? `background:${main};border-color:${main};color:#fff`
      : `background:#fff;border-color:#cfcfcf;color:${isBad ? '#8e1f0b' : '#1f1f1f'}`;
    root.replaceChildren(
      style(
        `:host{display:${isPos ? 'block' : 'inline-block'};max-width:100%}:host([inlinesize="fill"]){display:block}button{position:relative;width:${isPos ? '100%' : 'auto'};min-height:${isPos ? 52 : 42}px;padding:9px 16px;font:inherit;font-weight:600;border:1px solid;border-radius:${isPos ? 12 : 8}px;cursor:pointer;${colors}}:host([inlinesize="fill"]) button{width:100%}button:hover:enabled{filter:brightness(.96)}button:disabled{opacity:.55;cursor:default}button[aria-busy] span{opacity:0}button[aria-busy]::after{content:"";position:absolute;inset:0;margin:auto;width:18px;height:18px;border:2px solid currentColor;border-top-color:transparent;border-radius:50%}button:focus-visible{outline:2px solid #1460a8;outline-offset:2px}`,
      ),
      button,
    );
  },
);
define('s-link', ['href'], (element, root) => {
  const href = element.getAttribute('href') ?? '';
  root.replaceChildren(
    style('a{color:#1460a8;text-underline-offset:3px}'),
    make(
      'a',
      {
        href: href.startsWith('extension:') ? `${data.root}/account/rewards` : href,
        target: '_top',
      },
      slot(),
    ),
  );
});
define('s-progress', ['value', 'max', 'accessibilitylabel'], (element, root) => {
  const value = Number(element.getAttribute('value') ?? 0);
  const max = Number(element.getAttribute('max') ?? 1);
  const part = Math.min(100, Math.max(0, (value / max) * 100));
  root.replaceChildren(
    style(
      '.track{height:8px;border-radius:8px;background:#e3e3e3;overflow:hidden}.track div{height:100%;border-radius:8px;background:#1460a8}',
    ),
    make(
      'div',
      {
        className: 'track',
        role: 'progressbar',
        ariaValueNow: String(value),
        ariaValueMax: String(max),
        ariaLabel: element.getAttribute('accessibilitylabel') ?? '',
      },
      make('div', { style: `width:${part}%` }),
    ),
  );
});
define('s-select', ['value', 'label', 'disabled'], (element, root) => {
  const select = make('select', { disabled: isOn(element, 'disabled') });
  for (const option of element.querySelectorAll('s-option'))
    select.append(
      make('option', { value: option.getAttribute('value'), textContent: option.textContent }),
    );
  select.value = element.getAttribute('value') ?? '';
  select.addEventListener('change', () => {
    element.value = select.value;
    element.dispatchEvent(new Event('change'));
  });
  root.replaceChildren(
    style(
      'label{position:relative;display:block}span{position:absolute;top:6px;left:13px;font-size:12px;color:#616161}select{width:100%;min-height:50px;padding:22px 34px 6px 12px;font:inherit;color:inherit;border:1px solid #8a8a8a;border-radius:8px;background:#fff;appearance:none}label::after{content:"";position:absolute;right:15px;top:20px;width:7px;height:7px;border:solid currentColor;border-width:0 1.5px 1.5px 0;transform:rotate(45deg);pointer-events:none}select:focus-visible{outline:2px solid #1460a8;outline-offset:1px}',
    ),
    make('label', {}, make('span', { textContent: element.getAttribute('label') ?? '' }), select),
  );
  // Options that come or change later.
  element.optionsSeen ??= new MutationObserver(() =>
    element.setAttribute('label', element.getAttribute('label') ?? ''),
  );
  element.optionsSeen.observe(element, { childList: true, subtree: true, characterData: true });
});
define('s-tile', ['heading', 'subheading'], (element, root) => {
  root.replaceChildren(
    style(
      'button{display:flex;flex-direction:column;justify-content:space-between;width:100%;min-height:116px;padding:16px;font:inherit;text-align:start;border:0;border-radius:14px;background:#0b6b5d;color:#fff;cursor:pointer}b{font-size:17px;line-height:1.25}span{font-size:14px;opacity:.92}button:focus-visible{outline:3px solid #1460a8;outline-offset:2px}',
    ),
    make(
      'button',
      { type: 'button' },
      make('b', { textContent: element.getAttribute('heading') ?? '' }),
      make('span', { textContent: element.getAttribute('subheading') ?? '' }),
    ),
  );
});
define('s-heading', [], (element, root) => {
  root.replaceChildren(
    style(`h2{margin:0;font-size:${isPos ? 20 : 16}px;line-height:1.3;font-weight:600}`),
    make('h2', {}, slot()),
  );
});
define('s-empty-state', ['heading', 'subheading'], (element, root) => {
  root.replaceChildren(
    style(
      'div{display:flex;flex-direction:column;gap:8px;align-items:center;padding:56px 20px;text-align:center}h2{margin:0;font-size:20px}p{margin:0;max-width:34em;color:#616161}',
    ),
    make(
      'div',
      {},
      make('h2', { textContent: element.getAttribute('heading') ?? '' }),
      make('p', { textContent: element.getAttribute('subheading') ?? '' }),
      slot(),
    ),
  );
});
define('s-spinner', ['accessibilitylabel'], (element, root) => {
  root.replaceChildren(
    style(
      'span{display:grid;place-items:center;padding:24px}i{width:28px;height:28px;border:3px solid #cfcfcf;border-top-color:#1f1f1f;border-radius:50%}b{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}@media (prefers-reduced-motion:no-preference){i{animation:r 1s linear infinite}@keyframes r{to{transform:rotate(1turn)}}}',
    ),
    make(
      'span',
      { role: 'status' },
      make('i'),
      make('b', { textContent: element.getAttribute('accessibilitylabel') ?? '' }),
    ),
  );
});
define('s-grid', ['gridtemplatecolumns'], (element) => {
  element.style.gridTemplateColumns = element.getAttribute('gridtemplatecolumns') ?? '';
  element.shadowRoot.replaceChildren(slot());
});

/** The POS cart is the one of the shop that this browser has. */
const discountsOf = (codes) =>
  codes.map((code) => ({ amount: 0, type: 'Code', discountDescription: code }));
const currentCart = {
  value: { customer: data.customer ?? undefined, cartDiscounts: discountsOf(data.codes) },
  subscribe: () => () => undefined,
};
const cart = {
  current: currentCart,
  async addCartCodeDiscount(code) {
    await fetch(`${data.root}/discount`, { method: 'POST', body: new URLSearchParams({ code }) });
    const { discount_codes: codes } = await (await fetch(`${data.root}/cart.js`)).json();
    currentCart.value = {
      ...currentCart.value,
      cartDiscounts: discountsOf(codes.map((one) => one.code)),
    };
    if (!codes.some((one) => one.code === code && one.applicable)) throw new Error('not applicable');
  },
  async removeCartDiscount() {
    await fetch(`${data.root}/cart/update.js`, {
      method: 'POST',
      body: new URLSearchParams({ discount: '' }),
    });
    currentCart.value = { ...currentCart.value, cartDiscounts: [] };
  },
};

/** A value that its readers are told of when it changes. */
function signal(value) {
  const readers = new Set();
  return {
    get value() {
      return value;
    },
    set(next) {
      value = next;
      for (const read of readers) read(next);
    },
    subscribe(read) {
      readers.add(read);
      return () => readers.delete(read);
    },
  };
}

const lines = signal(data.lines);
const discountAllocations = signal(data.discounts);
const discountCodes = signal(data.codes.map((code) => ({ code })));
const totalAmount = signal(data.total);

/** What Shopify's checkout does: its own sums and what extensions see of them change together. */
async function readCheckoutAgain() {
  const page = await (await fetch(`${data.root}/_surface/${data.target}`)).text();
  const body = new DOMParser().parseFromString(page, 'text/html');
  const next = JSON.parse(body.getElementById('surface').textContent);
  lines.set(next.lines);
  discountAllocations.set(next.discounts);
  discountCodes.set(next.codes.map((code) => ({ code })));
  totalAmount.set(next.total);
  parent.postMessage('sums', location.origin);
}

async function applyDiscountCodeChange({ type, code }) {
  const isAdded = type === 'addDiscountCode';
  await fetch(`${data.root}/discount`, {
    method: 'POST',
    body: new URLSearchParams({ then: 'checkout', [isAdded ? 'code' : 'remove']: code }),
  });
  const { discount_codes: codes } = await (await fetch(`${data.root}/cart.js`)).json();
  await readCheckoutAgain();
  const counts = codes.some((one) => one.code === code && one.applicable);
  return !isAdded || counts ? { type: 'success' } : { type: 'error', message: 'not applicable' };
}

globalThis.shopify = {
  i18n: {
    translate: (key, values = {}) =>
      key
        .split('.')
        .reduce((at, part) => at[part], data.words)
        .replace(/\{\{(\w+)\}\}/g, (_, name) => String(values[name])),
    formatNumber: (number) => new Intl.NumberFormat(data.language).format(number),
    formatCurrency: (number, options) =>
      new Intl.NumberFormat(data.language, { style: 'currency', ...options }).format(number),
    formatDate: (date, options) => new Intl.DateTimeFormat(data.language, options).format(date),
  },
  localization: { extensionLanguage: signal({ isoCode: data.language }) },
  sessionToken: {
    get: async () => (await fetch(`${data.root}/_surface/token`)).text(),
  },
  shop: { myshopifyDomain: data.shop, storefrontUrl: `${data.root}/pages/rewards` },
  connectivity: {
    current: signal({ internetConnected: navigator.onLine ? 'Connected' : 'Disconnected' }),
  },
  cart,
  locale: { current: signal(data.language) },
  session: {
    getSessionToken: async () => (await fetch(`${data.root}/_surface/staff-token`)).text(),
  },
  action: { presentModal: () => parent.postMessage('present', location.origin) },
  toast: { show: () => undefined },
  lines,
  discountAllocations,
  discountCodes,
  cost: { totalAmount },
  instructions: signal({ discounts: { canUpdateDiscountCodes: true } }),
  applyDiscountCodeChange,
  shippingAddress: signal(undefined),
  order: signal(data.order ?? undefined),
  orderConfirmation: signal({ order: { id: data.order?.id ?? '' }, isFirstOrder: false }),
};

const tell = () => parent.postMessage(Math.ceil(document.body.scrollHeight + 4), location.origin);
new ResizeObserver(tell).observe(document.body);
const { default: extension } = await import(`${data.root}/_surface/${data.target}.js`);
extension();
