/* LoyalNest: keeps fresh what Liquid painted; the rest comes when wanted. See docs/widget.md. */
(() => {
if (customElements.get('loyalnest-balance')) return;

// Seconds between looks: close together after news, then calm, then none.
const BURST = [1, 2, 4, 8];
const CALM = 15;
const AFTER_TROUBLE = 60;
const LOOKS_AT_MOST = 80;

let etag = '';
let looking = null;
let looks = 0;
let timer = 0;
let events = [];
const seen = new Set();

/** Shared with all modules. `data` is the Widget of app/features/storefront/widget-contract.ts. */
const store = Object.assign(new EventTarget(), {
  page: null,
  words: null,
  locale: '',
  data: null,
  trouble: null,
  fromCheckout: /checkout|order|thank/.test(document.referrer),

  async ask(path, { query, headers, body } = {}) {
    const search = new URLSearchParams({ ...query, locale: store.locale });
    const answer = await fetch(`${store.page.proxy}/${path}?${search}`, {
      method: body ? 'POST' : 'GET',
      body: body && JSON.stringify(body),
      cache: 'no-store',
      headers: { Accept: 'application/json', ...(body && { 'Content-Type': 'application/json' }), ...headers },
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok && answer.status !== 304) throw answer;
    return answer;
  },
  troubleNow: () => (navigator.onLine ? 'error' : 'offline'),

  refresh() {
    looking ??= look().finally(() => {
      looking = null;
      change();
      plan();
    });
    return looking;
  },
  soon() {
    looks = 0;
    return store.refresh();
  },

  word: (key, parts) => store.words[key]?.replace(/\[(\w+)\]/g, (_, part) => parts?.[part]) ?? '',
  number: (points, options) => new Intl.NumberFormat(store.locale, options).format(points),
  unit(points) {
    const { one, other } = store.data.points_name;
    return new Intl.PluralRules(store.locale).select(Math.abs(points)) === 'one' ? one : other;
  },
  amount: (points) => `${store.number(points)} ${store.unit(points)}`,
  note({ balance, debt, held }) {
    if (debt > 0) return store.word('debt', { points: store.amount(debt) });
    if (held > 0) return store.word('held', { points: store.amount(held) });
    return store.word(balance > 0 ? 'note' : 'start');
  },

  /** Names: widget-contract.ts. */
  track(name, props, once) {
    const key = once && name + JSON.stringify(props);
    if (key && seen.has(key)) return;
    seen.add(key);
    events.push({ name, at: new Date().toISOString(), props: { ...props, locale: store.locale } });
    setTimeout(send, 5000);
  },
  viewed: (surface) => store.page.member && store.track('points_balance_viewed', { surface }, true),

  asset: (name) => new URL(`loyalnest-${name}`, new URL(store.page.panel, location)).href,
  /** A module of it; a failed fetch may be tried again. */
  load(name) {
    modules[name] ??= import(store.asset(`${name}.js`)).catch((failure) => {
      delete modules[name];
      throw failure;
    });
    return modules[name];
  },
  speakIn(locale, words) {
    Object.assign(store, { locale, words });
    etag = '';
    change();
  },
  recall,
});
const modules = {};
const change = () => store.dispatchEvent(new Event('change'));

/** Nothing personal. */
function recall(key, value) {
  try {
    if (value === undefined) return localStorage.getItem(`loyalnest:${key}`);
    localStorage.setItem(`loyalnest:${key}`, value);
  } catch {
    return null;
  }
}

async function look() {
  try {
    const answer = await store.ask('widget', { headers: etag && { 'If-None-Match': etag } });
    if (answer.status !== 304) {
      store.data = await answer.json();
      etag = answer.headers.get('ETag') ?? '';
    }
    store.trouble = null;
  } catch {
    store.trouble = store.troubleNow();
  }
}

function plan() {
  clearTimeout(timer);
  if (!store.page.member || document.hidden || looks > LOOKS_AT_MOST) return;
  timer = setTimeout(store.refresh, 1000 * (store.trouble ? AFTER_TROUBLE : (BURST[looks] ?? CALM)));
  looks += 1;
}

/** Only with the shopper's leave, where it is asked for. */
function send() {
  const allowed = window.Shopify?.customerPrivacy?.analyticsProcessingAllowed?.() ?? true;
  if (events.length && allowed) {
    const body = new Blob([JSON.stringify({ events: events.slice(0, 20) })], { type: 'application/json' });
    if (navigator.sendBeacon(`${store.page.proxy}/events`, body)) events = events.slice(20);
  }
}

async function open(event) {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const opener = event.currentTarget;
  try {
    await (await store.load('panel')).open(store, opener);
  } catch {
    if (navigator.onLine) location.assign(opener.href);
  }
}

store.opens = (opener) => {
  if (opener.role) return;
  opener.role = 'button';
  opener.ariaHasPopup = 'dialog';
  opener.ariaExpanded = 'false';
  for (const intent of ['pointerenter', 'touchstart', 'focus']) {
    opener.addEventListener(intent, () => store.load('panel').catch(() => {}), { once: true, passive: true });
  }
  opener.addEventListener('click', open);
  opener.addEventListener('keydown', (event) => event.key === ' ' && open(event));
};

class Surface extends HTMLElement {
  connectedCallback() {
    // Older browsers and the theme editor leave the template as it is.
    const template = this.querySelector('template');
    if (template && !this.shadowRoot) this.attachShadow({ mode: 'open' }).append(template.content);
    if (!store.page) start(this.querySelector('script'));
    this.update = () => {
      for (const part of this.shadowRoot.querySelectorAll('[data-word]')) this.say(part);
      if (store.data?.customer) this.paint(store.data.customer);
    };
    store.addEventListener('change', this.update);
    if (store.data) this.update();
    this.shadowRoot.querySelectorAll('[data-open]').forEach(store.opens);
  }

  disconnectedCallback() {
    store.removeEventListener('change', this.update);
  }

  part(name) {
    return this.shadowRoot.querySelector(`[data-${name}]`);
  }

  say(part) {
    if (store.locale === store.page.locale && !part.said) return;
    const text = store.word(part.dataset.word, { points: store.data?.points_name.other ?? '' });
    if (text) part.textContent = text;
    part.said = true;
  }

  /** Writes only what differs: it is a live region. */
  paint({ balance }) {
    const amount = this.part('amount');
    if (!amount) return;
    const [number, unit] = amount.children;
    const text = store.number(balance);
    if (number.textContent === text && unit.textContent === store.unit(balance)) return;
    number.textContent = text;
    unit.textContent = store.unit(balance);
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) amount.animate({ opacity: [0.3, 1] }, 400);
  }
}

class Launcher extends Surface {
  connectedCallback() {
    super.connectedCallback();
    const bar = this.part('bar');
    if (bar || store.fromCheckout) store.load('extra').then(({ bars }) => bars(store, this, bar), () => {});
  }

  paint(customer) {
    super.paint(customer);
    this.part('launcher').ariaLabel = `${store.word('label')}: ${store.amount(customer.balance)}`;
  }
}

class Balance extends Surface {
  connectedCallback() {
    super.connectedCallback();
    this.watch ??= new IntersectionObserver(([entry]) => entry.isIntersecting && store.viewed('block'));
    this.watch.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.watch.disconnect();
  }

  paint(customer) {
    super.paint(customer);
    const note = store.note(customer);
    if (this.part('note').textContent !== note) this.part('note').textContent = note;
  }
}

class Block extends Surface {
  connectedCallback() {
    super.connectedCallback();
    store.load(this.dataset.module).then(({ mount }) => mount(store, this), () => {});
  }
}

function start(script) {
  store.page = JSON.parse(script.textContent);
  store.words = store.page.words;
  store.locale = store.page.locale;
  if (recall('language') || !/^(en|es|fr)/.test(store.locale)) {
    store.load('language').then(({ settle }) => settle(store), () => {});
  }
  const wake = () => {
    if (document.hidden) send();
    else if (store.page.member || store.trouble) store.soon();
  };
  document.addEventListener('visibilitychange', wake);
  document.addEventListener('loyalnest:refresh', wake);
  for (const event of ['focus', 'online']) addEventListener(event, wake);
  addEventListener('pageshow', ({ persisted }) => persisted && wake());
  addEventListener('pagehide', send);

  if (!store.page.member) return;
  // Back from the checkout points may be on their way; else one look, once the page has settled.
  if (!store.fromCheckout) looks = BURST.length;
  if (document.readyState === 'complete') store.refresh();
  else addEventListener('load', () => store.refresh(), { once: true });
}

customElements.define('loyalnest-launcher', Launcher);
customElements.define('loyalnest-balance', Balance);
customElements.define('loyalnest-block', Block);
})();
