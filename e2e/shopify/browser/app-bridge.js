// Emulates https://cdn.shopify.com/shopifycloud/app-bridge.js: the same `shopify` global and elements, spoken over postMessage to the
// emulator's admin (shell.js). Written for this project; nothing of the original is in it.
(() => {
  if (window.shopify) return;
  const script = document.currentScript;
  const query = new URLSearchParams(location.search);
  const keep = (name) => {
    const given = query.get(name);
    try {
      if (given) sessionStorage.setItem(`app-bridge:${name}`, given);
      return given || sessionStorage.getItem(`app-bridge:${name}`) || '';
    } catch { return given || ''; }
  };
  const config = { apiKey: script?.dataset.apiKey || document.querySelector('meta[name="shopify-api-key"]')?.content || '', host: keep('host'), shop: keep('shop'), locale: keep('locale') || 'en' };
  const embedded = window.top !== window;
  const nativeFetch = window.fetch.bind(window);

  // ---- talking to the admin ---------------------------------------------------------------------------------------
  let sequence = 0;
  const waiting = new Map();
  const tell = (type, payload = {}) => { if (embedded) parent.postMessage({ emulator: 1, type, payload }, '*'); };
  const ask = (type, payload = {}) => new Promise((resolve, reject) => {
    if (!embedded) { reject(new Error('App Bridge: the app is not embedded')); return; }
    const id = ++sequence;
    waiting.set(id, { resolve, reject });
    parent.postMessage({ emulator: 1, id, type, payload }, '*');
  });
  addEventListener('message', (event) => {
    if (event.source !== parent || !event.data?.emulator) return;
    const { reply, error, type, payload, value } = event.data;
    if (reply) { const one = waiting.get(reply); waiting.delete(reply); if (error) one?.reject(new Error(error)); else one?.resolve(value); return; }
    if (type === 'navigate') navigate(payload.href);
    if (type === 'click') document.querySelector(`[data-ab-id="${payload.id}"]`)?.click();
    if (type === 'toast-action') toasts.get(payload.id)?.onAction?.();
    if (type === 'toast-gone') { toasts.get(payload.id)?.onDismiss?.(); toasts.delete(payload.id); }
    if (type === 'save-bar') barButton(payload.which);
  });
  function navigate(href) {
    const link = [...document.querySelectorAll('ui-nav-menu a, s-app-nav a, s-app-nav s-link')].find((one) => one.getAttribute('href') === href);
    if (!link) { location.assign(href); return; }
    // AppProvider listens for this event; an app without it gets an ordinary click.
    const event = new CustomEvent('shopify:navigate', { bubbles: true, cancelable: true });
    const before = location.href;
    link.dispatchEvent(event);
    // Before hydration nothing listens: the link is then followed normally.
    setTimeout(() => { if (location.href === before && document.documentElement.dataset.hydrated === undefined) location.assign(href); }, 600);
  }

  // ---- session tokens ---------------------------------------------------------------------------------------------
  let token = { value: '', until: 0 };
  const idToken = async () => {
    if (token.until < Date.now()) token = { value: await ask('id_token'), until: Date.now() + 45_000 };
    return token.value;
  };
  // As App Bridge does: same-origin requests carry a session token; a 401 that asks for a new one is tried once more.
  window.fetch = async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : String(input), location.href);
    if (url.origin !== location.origin || !embedded) return nativeFetch(input, init);
    const attempt = async () => {
      const headers = new Headers(init.headers || (input instanceof Request ? input.headers : undefined));
      if (!headers.has('Authorization')) headers.set('Authorization', `Bearer ${await idToken()}`);
      if (!headers.has('X-Requested-With')) headers.set('X-Requested-With', 'XMLHttpRequest');
      return nativeFetch(input instanceof Request ? input.clone() : input, { ...init, headers });
    };
    let response = await attempt();
    if (response.status === 401 && response.headers.has('X-Shopify-Retry-Invalid-Session-Request')) { token.until = 0; response = await attempt(); }
    const reauthorize = response.headers.get('X-Shopify-API-Request-Failure-Reauthorize-Url');
    if (reauthorize) tell('redirect', { url: new URL(reauthorize, location.href).href });
    return response;
  };
  const nativeOpen = window.open.bind(window);
  window.open = (url, target, ...rest) => {
    const text = String(url);
    if (embedded && (target === '_top' || target === '_parent' || /^shopify:/.test(text))) { tell('redirect', { url: /^shopify:/.test(text) ? text : new URL(text, location.href).href }); return window; }
    return nativeOpen(url, target, ...rest);
  };
  addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="shopify:"], a[target="_top"]') : null;
    if (link && embedded) { event.preventDefault(); tell('redirect', { url: link.href }); }
  });

  // ---- the global -------------------------------------------------------------------------------------------------
  const toasts = new Map();
  const find = (id) => { const element = typeof id === 'string' ? document.getElementById(id) : id; if (!element) throw new Error(`App Bridge: there is no element "${id}"`); return element; };
  const refused = (what) => async () => { throw new Error(`The App Bridge emulator does not model ${what}`); };
  const onElement = (verb) => async (id) => { await find(id)[verb](); };
  const vitals = [];
  window.shopify = {
    config, origin: 'https://admin.shopify.com', ready: Promise.resolve(), setSignals() {},
    environment: { mobile: false, embedded, pos: false, intent: false },
    loading: (on) => tell('loading', { on: on !== false }),
    idToken, user: () => ask('user'),
    toast: {
      show(content, options = {}) {
        const id = `toast-${++sequence}`;
        toasts.set(id, options);
        tell('toast', { id, content: String(content), isError: Boolean(options.isError), duration: options.duration ?? 5000, action: options.action });
        return id;
      },
      hide: (id) => tell('toast-hide', { id }),
    },
    resourcePicker: async (options = {}) => { const chosen = await ask('resource_picker', { type: options.type, multiple: options.multiple ?? false, selectionIds: options.selectionIds ?? [] }); return chosen ? Object.assign(chosen, { selection: chosen }) : undefined; },
    picker: refused('picker'),
    modal: { show: onElement('show'), hide: onElement('hide'), toggle: onElement('toggle') },
    saveBar: {
      show: onElement('show'), hide: onElement('hide'), toggle: onElement('toggle'),
      leaveConfirmation: async () => { if (bar) await ask('leave'); },
    },
    scopes: {
      query: () => ask('scopes'),
      request: (scopes) => ask('scopes_request', { scopes }),
      revoke: refused('scopes.revoke'),
    },
    app: { extensions: () => ask('extensions') },
    reviews: { request: async () => ({ success: false, code: 'emulator', message: 'No review is asked for by the emulator' }) },
    support: { registerHandler: async () => {} },
    webVitals: { onReport: async (callback) => { vitals.length = 0; if (callback) vitals.push(callback); } },
    intents: { invoke: refused('intents') }, pos: {}, scanner: { capture: refused('the scanner') }, tools: {}, shopifyQL: { query: refused('ShopifyQL') },
  };

  // ---- web vitals: what the browser can measure -----------------------------------------------------------------
  const seen = { LCP: 0, CLS: 0 };
  const watch = (type, each) => { try { new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true }); } catch { /* this browser does not measure it */ } };
  watch('largest-contentful-paint', (entry) => { seen.LCP = entry.startTime; });
  watch('layout-shift', (entry) => { if (!entry.hadRecentInput) seen.CLS += entry.value; });
  addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') for (const callback of vitals) callback({ metrics: Object.entries(seen).map(([name, value]) => ({ id: `${name}-${config.shop}`, name, value })) }); });

  // ---- elements ---------------------------------------------------------------------------------------------------
  let tags = 0;
  const tag = (element) => (element.dataset.abId ||= `ab-${++tags}`);
  const buttonOf = (element) => ({ id: tag(element), label: (element.textContent || element.getAttribute('label') || '').trim(), primary: element.getAttribute('variant') === 'primary', breadcrumb: element.getAttribute('variant') === 'breadcrumb', tone: element.getAttribute('tone') || '', disabled: Boolean(element.disabled || element.hasAttribute('disabled')), loading: element.hasAttribute('loading') });
  const buttonsOf = (element) => [...element.querySelectorAll(':scope > button, :scope > a')].map(buttonOf);
  const groupsOf = (element) => [...element.querySelectorAll(':scope > section')].map((section) => ({ label: section.getAttribute('label') || '', buttons: [...section.querySelectorAll('button, a')].map(buttonOf) }));
  const visible = (element) => element.isConnected && !element.closest('ui-modal');

  /** An invisible element that reports its changes to the admin. */
  class Reporter extends HTMLElement {
    connectedCallback() {
      this.style.display = 'none';
      queueMicrotask(() => {
        if (!this.isConnected) return;
        this.watcher = new MutationObserver(() => this.report());
        this.watcher.observe(this, { childList: true, subtree: true, attributes: true, characterData: true, attributeFilter: ['title', 'href', 'variant', 'disabled', 'loading', 'label', 'tone'] });
        this.report();
      });
    }
    disconnectedCallback() { this.watcher?.disconnect(); this.gone?.(); }
    report() {}
  }
  class Nav extends Reporter {
    report() { tell('nav', { links: [...this.querySelectorAll('a, s-link')].map((link) => ({ href: link.getAttribute('href') || '/', label: (link.textContent || '').trim(), home: link.getAttribute('rel') === 'home' })), path: location.pathname }); }
  }
  customElements.define('ui-nav-menu', Nav);
  if (!customElements.get('s-app-nav')) customElements.define('s-app-nav', class extends Nav {});

  customElements.define('ui-title-bar', class extends Reporter {
    report() { if (visible(this)) tell('title', { title: this.getAttribute('title') || document.title, buttons: buttonsOf(this), groups: groupsOf(this) }); }
    // A route change swaps one title bar for the next: the admin keeps the old title until the next one speaks.
    gone() { setTimeout(() => { if (!document.querySelector('ui-title-bar')) tell('title', { title: document.title, buttons: [], groups: [] }); }, 0); }
  });

  let bar;
  function showBar(owner) { bar = owner; tell('save-bar', { on: true, save: owner.save, discard: owner.discard }); }
  function hideBar(owner) { if (bar?.element !== owner) return; bar = undefined; tell('save-bar', { on: false }); }
  function barButton(which) { if (which === 'save') bar?.onSave(); else bar?.onDiscard(); }
  customElements.define('ui-save-bar', class extends Reporter {
    get showing() { return bar?.element === this; }
    get discardConfirmation() { return this.hasAttribute('discardconfirmation'); }
    #buttons() { const all = [...this.querySelectorAll('button')]; return { save: all.find((one) => one.getAttribute('variant') === 'primary'), discard: all.find((one) => one.getAttribute('variant') !== 'primary') }; }
    async show() {
      const { save, discard } = this.#buttons(), was = this.showing;
      showBar({ element: this, save: save ? buttonOf(save) : { label: '' }, discard: { ...(discard ? buttonOf(discard) : { label: '' }), confirm: this.discardConfirmation }, onSave: () => save?.click(), onDiscard: () => discard?.click() });
      if (!was) this.dispatchEvent(new Event('show'));
    }
    async hide() { if (!this.showing) return; hideBar(this); this.dispatchEvent(new Event('hide')); }
    async toggle() { await (this.showing ? this.hide() : this.show()); }
    report() { if (this.showing) void this.show(); }
    gone() { hideBar(this); }
  });
  // A form with data-save-bar brings the bar up by itself once something in it has changed.
  const formChanged = (event) => {
    const form = event.target instanceof Element ? event.target.closest('form[data-save-bar]') : null;
    if (!form || bar?.element === form) return;
    showBar({ element: form, save: { label: '' }, discard: { label: '', confirm: form.hasAttribute('data-discard-confirmation') }, onSave: () => form.requestSubmit(), onDiscard: () => form.reset() });
  };
  addEventListener('input', formChanged, true);
  addEventListener('change', formChanged, true);
  for (const type of ['submit', 'reset']) addEventListener(type, (event) => { if (event.target instanceof HTMLFormElement && !(type === 'submit' && event.defaultPrevented && event.target.hasAttribute('data-keep-save-bar'))) hideBar(event.target); }, true);

  customElements.define('ui-modal', class extends HTMLElement {
    constructor() {
      super();
      this.content = document.createElement('div');
      this.dialog = document.createElement('dialog');
      this.dialog.style.cssText = 'border:0;border-radius:16px;padding:0;width:min(92vw,620px);box-shadow:0 20px 60px rgb(0 0 0/.3);color:inherit;font:inherit';
    }
    connectedCallback() { this.style.display = 'none'; }
    disconnectedCallback() { this.dialog.remove(); }
    get open() { return this.dialog.open; }
    get src() { return this.getAttribute('src') || ''; }
    async show() {
      if (this.dialog.open) return;
      const title = this.querySelector('ui-title-bar'), { dialog } = this;
      const widths = { small: '440px', large: '980px', max: '96vw' };
      dialog.style.width = `min(92vw,${widths[this.getAttribute('variant')] || '620px'})`;
      const head = document.createElement('div');
      head.style.cssText = 'display:flex;align-items:center;justify-content:space-between;gap:12px;padding:14px 16px;background:#f3f3f3;font-weight:650';
      const heading = document.createElement('h2');
      heading.style.cssText = 'margin:0;font-size:14px';
      heading.textContent = title?.getAttribute('title') || '';
      heading.id = `modal-title-${tag(this)}`;
      dialog.setAttribute('aria-labelledby', heading.id);
      const close = document.createElement('button');
      close.type = 'button'; close.textContent = '×'; close.setAttribute('aria-label', config.locale.startsWith('es') ? 'Cerrar' : config.locale.startsWith('fr') ? 'Fermer' : 'Close');
      close.style.cssText = 'border:0;background:none;font-size:20px;line-height:1;cursor:pointer;padding:4px 8px;border-radius:8px';
      close.onclick = () => this.hide();
      head.append(heading, close);
      const body = document.createElement('div');
      body.style.cssText = 'max-height:70vh;overflow:auto';
      if (this.src) { const frame = document.createElement('iframe'); frame.src = this.src; frame.title = heading.textContent; frame.style.cssText = 'border:0;width:100%;height:420px;display:block'; body.append(frame); }
      else body.append(this.content, ...[...this.children].filter((child) => child.localName !== 'ui-title-bar').map((child) => child.cloneNode(true)));
      const foot = document.createElement('div');
      foot.style.cssText = 'display:flex;gap:8px;justify-content:flex-end;padding:12px 16px;border-top:1px solid #e3e3e3';
      for (const one of title ? buttonsOf(title) : []) {
        const button = document.createElement('button');
        button.type = 'button'; button.textContent = one.label; button.disabled = one.disabled;
        const critical = one.tone === 'critical';
        button.style.cssText = `border:1px solid ${one.primary ? 'transparent' : '#c9c9c9'};background:${one.primary ? (critical ? '#b3261e' : '#303030') : '#fff'};color:${one.primary ? '#fff' : critical ? '#b3261e' : '#303030'};border-radius:8px;padding:6px 12px;font:600 13px/1.4 inherit;cursor:pointer`;
        button.onclick = () => document.querySelector(`[data-ab-id="${one.id}"]`)?.click();
        foot.append(button);
      }
      dialog.replaceChildren(head, body, ...(foot.childElementCount ? [foot] : []));
      document.body.append(dialog);
      dialog.addEventListener('close', () => { this.dispatchEvent(new Event('hide')); dialog.remove(); }, { once: true });
      dialog.showModal();
      this.dispatchEvent(new Event('show'));
    }
    async hide() { if (this.dialog.open) this.dialog.close(); }
    async toggle() { await (this.dialog.open ? this.hide() : this.show()); }
  });

  // ---- where the app is, and the bounce page -----------------------------------------------------------------------
  const report = () => tell('history', { path: location.pathname + location.search });
  for (const name of ['pushState', 'replaceState']) { const original = history[name]; history[name] = function (...args) { const result = original.apply(this, args); report(); return result; }; }
  addEventListener('popstate', report);
  report();
  const reload = query.get('shopify-reload');
  if (reload) idToken().then((value) => { const url = new URL(reload, location.href); url.searchParams.set('id_token', value); location.replace(url); });
})();
