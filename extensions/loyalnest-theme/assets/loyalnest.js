/*
 * LoyalNest, first load: keeps what Liquid painted fresh, and fetches the panel on first intent.
 * A classic script (Shopify adds it with `defer`). How the parts meet: docs/widget.md.
 */
(() => {
  // The embed and the block both ask for this file.
  if (customElements.get('loyalnest-balance')) return;

  // Seconds between looks at the balance: close together when something has just happened, then calm, then none.
  const BURST = [1, 2, 4, 8];
  const CALM = 15;
  const AFTER_TROUBLE = 60;
  const LOOKS_AT_MOST = 80;

  let etag = '';
  let looking = null;
  let looks = 0;
  let timer = 0;
  let panel = null;

  /** What elements and panel share. `data` is app/features/storefront/widget-contract.ts's Widget. */
  const store = Object.assign(new EventTarget(), {
    /** The JSON of loyalnest-data.liquid; the page's first element brings it. */
    page: null,
    data: null,
    /** null, 'error' or 'offline': how the last look ended. */
    trouble: null,

    /** @throws whatever fetch throws, or the answer itself when it is not a good one */
    async get(path, query, headers) {
      const search = new URLSearchParams({ ...query, locale: store.page.locale });
      const answer = await fetch(`${store.page.proxy}/${path}?${search}`, {
        cache: 'no-store',
        headers: { Accept: 'application/json', ...headers },
        signal: AbortSignal.timeout(10_000),
      });
      if (!answer.ok && answer.status !== 304) throw answer;
      return answer;
    },
    troubleNow: () => (navigator.onLine ? 'error' : 'offline'),

    refresh() {
      looking ??= look().finally(() => {
        looking = null;
        store.dispatchEvent(new Event('change'));
        plan();
      });
      return looking;
    },
    /** Something has happened, here or elsewhere: look now and a few times more. */
    soon() {
      looks = 0;
      return store.refresh();
    },

    word: (key, parts) => store.page.words[key].replace(/\[(\w+)\]/g, (_, part) => parts[part]),
    number: (points, options) => new Intl.NumberFormat(store.page.locale, options).format(points),
    unit(points) {
      const { one, other } = store.data.points_name;
      return new Intl.PluralRules(store.page.locale).select(Math.abs(points)) === 'one' ? one : other;
    },
    amount: (points) => `${store.number(points)} ${store.unit(points)}`,
    /** The line below the balance. */
    note({ balance, debt, held }) {
      if (debt > 0) return store.word('debt', { points: store.amount(debt) });
      if (held > 0) return store.word('held', { points: store.amount(held) });
      return store.word(balance > 0 ? 'note' : 'start');
    },

    /** A member has seen the balance: told once for each surface and page. */
    viewed(surface) {
      const { locale, member } = store.page;
      if (!member || seen.has(surface)) return;
      seen.add(surface);
      events.push({
        name: 'points_balance_viewed',
        at: new Date().toISOString(),
        props: { surface, locale },
      });
      setTimeout(send, 5000);
    },
  });

  async function look() {
    try {
      const answer = await store.get('widget', {}, etag && { 'If-None-Match': etag });
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

  const seen = new Set();
  let events = [];

  /** Only with the shopper's leave, where the shop asks for it. */
  function send() {
    const allowed = window.Shopify?.customerPrivacy?.analyticsProcessingAllowed?.() ?? true;
    if (events.length && allowed) {
      const body = new Blob([JSON.stringify({ events })], { type: 'application/json' });
      if (navigator.sendBeacon(`${store.page.proxy}/events`, body)) events = [];
    }
  }

  /** Fetched once; a failed fetch may be tried again. */
  function preload() {
    panel ??= import(store.page.panel).catch((failure) => {
      panel = null;
      throw failure;
    });
    return panel;
  }

  async function open(event) {
    // A new tab or window is the browser's business.
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const opener = event.currentTarget;
    try {
      (await preload()).open(store, opener, opener.dataset.open);
    } catch {
      // The link's own destination is the next best thing.
      if (navigator.onLine) location.assign(opener.href);
    }
  }

  class Surface extends HTMLElement {
    connectedCallback() {
      // Older browsers, and markup put in by the theme editor, leave the template as it is.
      const template = this.querySelector('template');
      if (template && !this.shadowRoot) this.attachShadow({ mode: 'open' }).append(template.content);
      if (!store.page) start(this.querySelector('script'));
      this.update = () => store.data?.customer && this.paint(store.data.customer);
      store.addEventListener('change', this.update);
      this.update();

      const opener = this.part('open');
      if (!opener || opener.role) return;
      opener.role = 'button';
      opener.ariaHasPopup = 'dialog';
      opener.ariaExpanded = 'false';
      for (const intent of ['pointerenter', 'touchstart', 'focus']) {
        opener.addEventListener(intent, () => preload().catch(() => {}), { once: true, passive: true });
      }
      opener.addEventListener('click', open);
      opener.addEventListener('keydown', (event) => event.key === ' ' && open(event));
    }

    disconnectedCallback() {
      store.removeEventListener('change', this.update);
    }

    part(name) {
      return this.shadowRoot.querySelector(`[data-${name}]`);
    }

    /** Writes only what differs: the amount is a live region. */
    paint({ balance }) {
      const amount = this.part('amount');
      const [number, unit] = amount.children;
      const text = store.number(balance);
      if (number.textContent === text && unit.textContent === store.unit(balance)) return;
      number.textContent = text;
      unit.textContent = store.unit(balance);
      if (!matchMedia('(prefers-reduced-motion: reduce)').matches) {
        amount.animate({ opacity: [0.3, 1] }, 400);
      }
    }
  }

  class Launcher extends Surface {
    paint(customer) {
      super.paint(customer);
      this.part('open').ariaLabel = `${store.word('label')}: ${store.amount(customer.balance)}`;
    }
  }

  class Balance extends Surface {
    connectedCallback() {
      super.connectedCallback();
      this.watch ??= new IntersectionObserver(([entry]) => {
        if (entry.isIntersecting) store.viewed('block');
      });
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

  function start(script) {
    store.page = JSON.parse(script.textContent);
    const wake = () => {
      if (document.hidden) send();
      else if (store.page.member || store.trouble) store.soon();
    };
    document.addEventListener('visibilitychange', wake);
    // For the theme or another app: document.dispatchEvent(new Event('loyalnest:refresh'))
    document.addEventListener('loyalnest:refresh', wake);
    for (const event of ['focus', 'online']) addEventListener(event, wake);
    addEventListener('pageshow', ({ persisted }) => persisted && wake());
    addEventListener('pagehide', send);

    if (!store.page.member) return;
    // Back from the checkout, points may be on their way; otherwise one look, once the page has settled.
    if (!/checkout|order|thank/.test(document.referrer)) looks = BURST.length;
    if (document.readyState === 'complete') store.refresh();
    else addEventListener('load', () => store.refresh(), { once: true });
  }

  customElements.define('loyalnest-launcher', Launcher);
  customElements.define('loyalnest-balance', Balance);
})();
