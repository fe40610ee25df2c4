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
const headed = (level) => (element, root) => {
  const words = element.getAttribute('heading');
  root.replaceChildren(
    make('style', { textContent: 'h1,h2,p{margin:0 0 10px;font-size:19px;line-height:1.25}' }),
    ...(words ? [make(level, { textContent: words })] : []),
    slot(),
  );
};

define('s-page', ['heading'], headed('h1'));
define('s-section', ['heading'], headed('h2'));
define('s-banner', ['heading', 'tone'], (element, root) => {
  const isBad = element.getAttribute('tone') === 'critical';
  root.replaceChildren(
    make('style', {
      textContent: `div{border-radius:10px;padding:10px 14px;background:${isBad ? '#fbe3e1' : '#e6f2e6'}}p{margin:0;font-weight:650}`,
    }),
    make(
      'div',
      { role: isBad ? 'alert' : 'status' },
      make('p', { textContent: element.getAttribute('heading') ?? '' }),
      slot(),
    ),
  );
});
define(
  's-button',
  ['disabled', 'loading', 'variant', 'accessibilitylabel'],
  (element, root) => {
    const isMain = element.getAttribute('variant') === 'primary';
    const label = element.getAttribute('accessibilitylabel');
    const button = make(
      'button',
      { type: 'button', disabled: isOn(element, 'disabled') || isOn(element, 'loading') },
      slot(),
    );
    if (label) button.setAttribute('aria-label', label);
    if (isOn(element, 'loading')) button.setAttribute('aria-busy', 'true');
    button.addEventListener('click', () => {
      const target = document.getElementById(element.getAttribute('commandfor') ?? '');
      if (element.getAttribute('command') === '--copy' && target)
        void navigator.clipboard?.writeText(target.getAttribute('text') ?? '');
    });
    root.replaceChildren(
      make('style', {
        textContent: `button{font:inherit;font-weight:600;border:0;border-radius:10px;padding:9px 14px;cursor:pointer;background:${isMain ? '#5a3a26' : '#efe4d8'};color:${isMain ? '#fff' : '#2a2420'}}button:disabled{opacity:.6;cursor:default}`,
      }),
      button,
    );
  },
);
define('s-link', ['href'], (element, root) => {
  const href = element.getAttribute('href') ?? '';
  root.replaceChildren(
    make('style', { textContent: 'a{color:inherit}' }),
    make(
      'a',
      { href: href.startsWith('extension:') ? `${data.root}/account/rewards` : href, target: '_top' },
      slot(),
    ),
  );
});
define('s-progress', ['value', 'max', 'accessibilitylabel'], (element, root) => {
  root.replaceChildren(
    make('progress', {
      value: Number(element.getAttribute('value') ?? 0),
      max: Number(element.getAttribute('max') ?? 1),
      style: 'width:100%',
      'aria-label': element.getAttribute('accessibilitylabel') ?? '',
    }),
  );
});
define('s-select', ['value', 'label'], (element, root) => {
  const select = make('select', { style: 'font:inherit;padding:8px;display:block' });
  for (const option of element.querySelectorAll('s-option'))
    select.append(
      make('option', { value: option.getAttribute('value'), textContent: option.textContent }),
    );
  select.value = element.getAttribute('value') ?? '';
  select.addEventListener('change', () => {
    element.value = select.value;
    element.dispatchEvent(new Event('change'));
  });
  root.replaceChildren(make('label', {}, element.getAttribute('label') ?? '', select));
});

define('s-tile', ['heading', 'subheading'], (element, root) => {
  root.replaceChildren(
    make('style', {
      textContent:
        'button{font:inherit;text-align:start;border:0;border-radius:12px;padding:16px;background:#5a3a26;color:#fff;cursor:pointer;width:240px}b,span{display:block}',
    }),
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
    make('style', { textContent: 'h2{margin:0;font-size:19px}' }),
    make('h2', {}, slot()),
  );
});
define('s-spinner', ['accessibilitylabel'], (element, root) => {
  root.replaceChildren(
    make('span', { role: 'status', textContent: element.getAttribute('accessibilitylabel') ?? '' }),
  );
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

const signal = (value) => ({ value, subscribe: () => () => undefined });
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
  lines: signal(data.lines),
  discountAllocations: signal(data.discounts),
  cost: { totalAmount: signal(data.total) },
  shippingAddress: signal(undefined),
  orderConfirmation: signal({ order: { id: data.order?.id ?? '' }, isFirstOrder: false }),
};

const tell = () => parent.postMessage(Math.ceil(document.body.scrollHeight + 4), location.origin);
new ResizeObserver(tell).observe(document.body);
const { default: extension } = await import(`${data.root}/_surface/${data.target}.js`);
extension();
