/* LoyalNest: updates what Liquid rendered; the rest loads on demand. See docs/widget.md. */
(() => {
  if (customElements.get('loyalnest-balance')) return;
  const BURST = [1, 2, 4, 8];
  const CALM = 15;
  const AFTER_TROUBLE = 60;
  const LOOKS_AT_MOST = 80;
  let etag = '';
  let looking = null;
  let looks = 0;
  let timer = 0;
  const seen = new Set();
  const ORDERED =
    /^(\/\w+)?\/checkouts\/(\w{1,3}\/)?[\da-z]{16,}(\/[a-z]{2}(-[a-z]{2})?)?\/thank[-_]you\/?$|^(\/\d+)?\/orders\/[\da-f]{32}(\/authenticate)?\/?$/i;
  const store = Object.assign(new EventTarget(), {
    page: null,
    words: null,
    locale: '',
    data: null,
    trouble: null,
    events: [],
    fromCheckout: [location, document.referrer].some((href) =>
      ORDERED.test(new URL(href, document.baseURI).pathname),
    ),
    async ask(path, { query, headers, body } = {}) {
      body &&= JSON.stringify(body);
      const search = new URLSearchParams({
        ...query,
        locale: store.locale,
        ...(body && {
          body_sha256: new Uint8Array(
            await crypto.subtle.digest('sha-256', new TextEncoder().encode(body)),
          ),
        }),
      });
      const answer = await fetch(`${store.page.proxy}/${path}?${search}`, {
        method: body && 'POST',
        body,
        headers,
        signal: AbortSignal.timeout(1e4),
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
    word(key, parts) {
      const [from, to] = document.dir === 'rtl' ? '\u2068\u2069' : ['', ''];
      return store.words[key]?.replace(/\[(\w+)\]/g, (_, part) => from + parts?.[part] + to) ?? '';
    },
    number: (points, options) => new Intl.NumberFormat(store.locale, options).format(points),
    unit(points) {
      const { one, other } = store.data.points_name;
      return new Intl.PluralRules(store.locale).select(Math.abs(points)) === 'one' ? one : other;
    },
    amount: (points) => `${store.number(points)} ${store.unit(points)}`,
    note({ balance, debt, held, pending }) {
      if (debt > 0) return store.word('debt', { points: store.amount(debt) });
      if (held > 0) return store.word('held', { points: store.amount(held) });
      return pending?.text ?? store.word(balance > 0 ? 'note' : 'start');
    },
    track(name, props, once) {
      const key = once && name + JSON.stringify(props);
      if (key && seen.has(key)) return;
      seen.add(key);
      store.events.push({
        name,
        at: new Date().toISOString(),
        props: { ...props, locale: store.locale },
      });
      store.load('events').then(
        ({ tell }) => tell(store),
        () => {},
      );
    },
    viewed: (surface) =>
      store.page.member && store.track('points_balance_viewed', { surface }, true),
    asset: (name) => new URL(`loyalnest-${name}`, new URL(store.page.panel, location)).href,
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
      const answer = await store.ask('widget', etag && { headers: { 'If-None-Match': etag } });
      if (answer.status !== 304) {
        store.data = await answer.json();
        // Signed in since the page was rendered.
        if (store.data.customer) store.page.member = true;
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
    timer = setTimeout(
      store.refresh,
      1000 * (store.trouble ? AFTER_TROUBLE : (BURST[looks] ?? CALM)),
    );
    looks += 1;
  }
  async function enter(opener, view = opener.dataset.open) {
    const wait = opener.closest('.root').querySelector('[data-loading]');
    const [text, again] = wait.children;
    let shown = false;
    const say = (state) => {
      text.textContent = store.word(state) || wait.dataset[state];
      again.textContent = store.word('retry') || wait.dataset.retry;
      again.hidden = state === 'loading';
      again.onclick = () => enter(opener, view);
      if (!wait.open) wait.showModal();
      shown = true;
    };
    const late = wait.open ? say('loading') : setTimeout(say, 150, 'loading');
    const arrive = () => {
      clearTimeout(late);
      const wanted = !shown || wait.open;
      wait.close();
      return wanted;
    };
    try {
      await (await store.load('panel')).open(store, opener, arrive, view);
    } catch {
      clearTimeout(late);
      if (!shown || wait.open) say(store.troubleNow());
    }
  }
  function open(event) {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    enter(event.currentTarget);
  }
  /** The view that a link to #loyalnest or #loyalnest-rewards asks for. */
  store.wanted = () => {
    const [, view] = /^#loyalnest-?(\w*)$/.exec(location.hash) ?? [];
    return view === '' ? 'home' : view;
  };
  store.opens = (opener) => {
    if (opener.role) return;
    opener.role = 'button';
    opener.ariaHasPopup = 'dialog';
    opener.ariaExpanded = 'false';
    for (const intent of ['pointerenter', 'touchstart', 'focus']) {
      opener.addEventListener(intent, () => store.load('panel').catch(() => {}), {
        once: true,
        passive: true,
      });
    }
    opener.addEventListener('click', open);
    opener.addEventListener('keydown', (event) => event.key === ' ' && open(event));
  };
  class Surface extends HTMLElement {
    connectedCallback() {
      const template = this.querySelector('template');
      if (template && !this.shadowRoot)
        this.attachShadow({ mode: 'open' }).append(template.content);
      // A theme may move an element, or morph what is in the page: attributes and the data's text then change in place.
      this.gone = new AbortController();
      this.seen = new MutationObserver(() => this.read());
      this.seen.observe(this, {
        attributeFilter: ['data-facts'],
        characterData: true,
        childList: true,
        subtree: true,
      });
      this.read();
      this.on(store, 'change', () => this.update());
      if (store.data) this.update();
      this.shadowRoot.querySelectorAll('[data-open]').forEach(store.opens);
    }
    disconnectedCallback() {
      this.gone.abort();
      this.seen.disconnect();
    }
    /** Listens for as long as the element is in the page. */
    on(target, event, listener) {
      target.addEventListener(event, listener, { signal: this.gone.signal });
    }
    read() {
      const text = this.querySelector('script')?.textContent;
      if (text && text !== this.text) {
        this.text = text;
        const page = JSON.parse(text);
        if (!store.page) start(page);
        store.page.brand ||= page.brand;
        if (page.member && !store.page.member) {
          store.page.member = true;
          store.soon();
        }
      }
      this.facts?.();
    }
    update() {
      store.retell?.(this.shadowRoot);
      if (store.data?.customer) this.paint(store.data.customer);
    }
    part(name) {
      return this.shadowRoot.querySelector(`[data-${name}]`);
    }
    paint({ balance }) {
      const amount = this.part('amount');
      if (!amount) {
        // Rendered for a guest, who has become a member.
        if (this.part('guest')) store.load('joined').then(({ join }) => join(store, this));
        return;
      }
      const [number, unit] = amount.querySelectorAll('b,span');
      const text = store.number(balance);
      if (number.textContent === text && unit.textContent === store.unit(balance)) return;
      number.textContent = text;
      unit.textContent = store.unit(balance);
      if (!matchMedia('(prefers-reduced-motion: reduce)').matches)
        amount.animate({ opacity: [0.3, 1] }, 400);
    }
  }
  class Launcher extends Surface {
    connectedCallback() {
      super.connectedCallback();
      const bar = this.part('bar');
      if (bar || store.fromCheckout)
        store.load('extra').then(
          ({ bars }) => bars(store, this, bar),
          () => {},
        );
      // Drawers open when someone acts; until then nothing of it is loaded.
      const drawers = () =>
        store.load('drawer').then(
          ({ fill }) => fill(this),
          () => {},
        );
      if (this.dataset.facts)
        for (const event of ['pointerover', 'keydown'])
          document.addEventListener(event, drawers, { once: true, signal: this.gone.signal });
      const follow = () => {
        const wanted = store.wanted();
        if (!wanted || document.querySelector('[data-module="panel"]')) return;
        // The same link leads here again.
        history.replaceState(history.state, '', location.pathname + location.search);
        enter(this.part('launcher'), wanted);
      };
      this.on(window, 'hashchange', follow);
      follow();
    }
    paint(customer) {
      super.paint(customer);
      this.part('launcher').ariaLabel = `${store.word('label')}: ${store.amount(customer.balance)}`;
    }
  }
  class Balance extends Surface {
    connectedCallback() {
      super.connectedCallback();
      this.watch ??= new IntersectionObserver(
        ([entry]) => entry.isIntersecting && store.viewed('block'),
      );
      this.watch.observe(this);
    }
    disconnectedCallback() {
      super.disconnectedCallback();
      this.watch.disconnect();
    }
    paint(customer) {
      super.paint(customer);
      const place = this.part('note');
      const note = store.note(customer);
      if (place && place.textContent !== note) place.textContent = note;
    }
  }
  class Block extends Surface {
    connectedCallback() {
      super.connectedCallback();
      const { signal } = this.gone;
      store.load(this.dataset.module).then(
        ({ mount }) => signal.aborted || mount(store, this),
        () => {},
      );
    }
  }
  function start(page) {
    store.page = page;
    store.words = store.page.words;
    store.locale = store.page.locale;
    if (recall('language') || !/^(en|es|fr)/.test(store.locale)) {
      store.load('language').then(
        ({ settle }) => settle(store),
        () => {},
      );
    }
    if (/[?&]ln_ref=/.test(location.search) || recall('friend'))
      store.load('joined').then(
        ({ follow }) => follow(store),
        () => {},
      );
    const wake = () => {
      if (!document.hidden && (store.page.member || store.trouble)) store.soon();
    };
    document.addEventListener('visibilitychange', wake);
    document.addEventListener('loyalnest:refresh', wake);
    for (const event of ['focus', 'online']) addEventListener(event, wake);
    addEventListener('pageshow', ({ persisted }) => persisted && wake());
    if (!store.page.member) return;
    if (!store.fromCheckout) looks = BURST.length;
    if (document.readyState === 'complete') store.refresh();
    else addEventListener('load', () => store.refresh(), { once: true });
  }
  customElements.define('loyalnest-launcher', Launcher);
  customElements.define('loyalnest-balance', Balance);
  customElements.define('loyalnest-block', Block);
  customElements.define('loyalnest-header', class extends Surface {});
})();
