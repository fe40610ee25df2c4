// The emulator's admin: frames the app and answers its App Bridge.
(() => {
  const config = JSON.parse(document.getElementById('config').textContent);
  const $ = (selector) => document.querySelector(selector);
  const frame = $('iframe[name="app-iframe"]');
  const words = config.words;
  const post = async (path, body) => { const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }); const answer = await response.json(); if (!response.ok) throw new Error(answer.error?.message || response.statusText); return answer; };
  const make = (name, properties = {}, ...children) => { const element = Object.assign(document.createElement(name), properties); element.append(...children); return element; };

  // ---- menu on small screens, language, actions of the shop's own pages ----------------------------------------------
  $('#menu').addEventListener('click', () => { const open = document.body.classList.toggle('menu-open'); $('#menu').setAttribute('aria-expanded', String(open)); });
  $('#language').addEventListener('change', (event) => { const url = new URL(location.href); url.searchParams.set('locale', event.target.value); location.assign(url); });
  addEventListener('click', async (event) => {
    const button = event.target.closest?.('[data-verb]');
    if (!button) return;
    button.disabled = true;
    try { await post(`/_control/${button.dataset.verb}`, JSON.parse(button.dataset.body)); location.reload(); } catch (error) { toast({ content: error.message, isError: true, duration: 6000 }); button.disabled = false; }
  });

  // ---- toasts ---------------------------------------------------------------------------------------------------------
  function toast({ id, content, isError, duration, action }) {
    const close = () => { if (item.isConnected) { item.remove(); if (id) send({ type: 'toast-gone', payload: { id } }); } };
    const item = make('div', { id: id || '', className: isError ? 'toast error' : 'toast' }, make('span', { textContent: content }));
    if (action) item.append(make('button', { type: 'button', textContent: action, onclick: () => { send({ type: 'toast-action', payload: { id } }); close(); } }));
    item.append(make('button', { type: 'button', ariaLabel: words.close, textContent: '×', onclick: close }));
    $('#toasts').append(item);
    setTimeout(close, Math.max(1000, duration || 5000));
  }
  if (!frame) return;

  // ---- the app --------------------------------------------------------------------------------------------------------
  const origin = new URL(config.appOrigin).origin;
  const send = (message) => frame.contentWindow.postMessage({ emulator: 1, ...message }, origin);
  const token = async () => (await (await fetch('/_shell/id_token')).text());
  (async () => { const launch = await (await fetch(`/_shell/launch?${new URLSearchParams({ path: config.path, locale: config.locale, origin: config.appOrigin, ...(config.noToken ? { no_token: '1' } : {}) })}`)).json(); frame.src = launch.url; })();

  let leaveWaiters = [];
  const dialog = $('#dialog');
  function confirmDialog(title, text, yes, danger) {
    return new Promise((resolve) => {
      const end = (value) => { dialog.close(); resolve(value); };
      dialog.replaceChildren(make('h2', { textContent: title }), make('p', { textContent: text }), make('div', { className: 'actions' }, make('button', { type: 'button', textContent: words.cancel, onclick: () => end(false) }), make('button', { type: 'button', className: danger ? 'primary danger' : 'primary', textContent: yes, onclick: () => end(true) })));
      dialog.addEventListener('cancel', () => resolve(false), { once: true });
      dialog.showModal();
    });
  }
  async function pickResource({ type, multiple, selectionIds }) {
    if (type !== 'product' && type !== 'variant' && type !== 'collection') throw new Error(`The emulator does not model a picker for ${type}`);
    const products = await (await fetch(type === 'collection' ? '/_shell/collections' : '/_shell/products')).json();
    const chosen = new Set((selectionIds || []).map((one) => one.id || one));
    return new Promise((resolve) => {
      const end = (value) => { dialog.close(); resolve(value); };
      const search = make('input', { type: 'search', placeholder: words.search, ariaLabel: words.search });
      const list = make('div', { className: 'picker' });
      const draw = () => list.replaceChildren(...products.filter((one) => one.title.toLowerCase().includes(search.value.toLowerCase())).map((one) => {
        const id = type === 'variant' ? one.variants[0].id : one.id;
        const box = make('input', { type: multiple ? 'checkbox' : 'radio', name: 'picked', checked: chosen.has(id), onchange: () => { if (!multiple) chosen.clear(); if (box.checked) chosen.add(id); else chosen.delete(id); } });
        return make('label', {}, box, make('span', { className: 'thumb', innerHTML: one.picture }), make('span', { textContent: one.title }));
      }));
      search.oninput = draw;
      draw();
      dialog.replaceChildren(make('h2', { textContent: words.pick }), search, list, make('div', { className: 'actions' }, make('button', { type: 'button', textContent: words.cancel, onclick: () => end(undefined) }), make('button', { type: 'button', className: 'primary', textContent: words.add, onclick: () => end(products.flatMap((one) => (type === 'variant' ? one.variants : [one])).filter((one) => chosen.has(one.id)).map(({ picture: _picture, ...rest }) => rest)) })));
      dialog.addEventListener('cancel', () => resolve(undefined), { once: true });
      dialog.showModal();
    });
  }

  const button = (one) => make('button', { type: 'button', className: one.primary ? 'primary' : '', disabled: one.disabled || one.loading, textContent: one.label, onclick: () => { send({ type: 'click', payload: { id: one.id } }); document.querySelectorAll('details[open]').forEach((open) => { open.open = false; }); } });
  const mark = (path) => document.querySelectorAll('#app-links a').forEach((link) => { const href = link.getAttribute('data-href'); if (path === href || path.startsWith(`${href}/`)) link.setAttribute('aria-current', 'page'); else link.removeAttribute('aria-current'); });
  let current = '';
  const PRIVATE = ['embedded', 'hmac', 'host', 'id_token', 'session', 'shop', 'timestamp', 'locale', 'shopify-reload', '_data'];
  const handlers = {
    id_token: token,
    user: () => ({ accountAccess: 'Full access' }),
    scopes: async () => (await fetch('/_shell/scopes')).json(),
    scopes_request: async ({ scopes }) => {
      const now = await (await fetch('/_shell/scopes')).json(), missing = scopes.filter((one) => !now.granted.includes(one));
      if (missing.length === 0) return { result: 'granted-all', detail: now };
      if (!(await confirmDialog(words.scopesTitle, missing.join(', '), words.grant))) return { result: 'declined-all', detail: now };
      await post('/_control/install', { scopes: [...now.granted, ...missing] });
      return { result: 'granted-all', detail: await (await fetch('/_shell/scopes')).json() };
    },
    extensions: async () => (await fetch('/_shell/extensions')).json(),
    resource_picker: pickResource,
    leave: async () => { if (!(await confirmDialog(words.leaveTitle, words.leaveText, words.leave, true))) return new Promise(() => {}); $('#save-bar').hidden = true; return undefined; },
    loading: ({ on }) => { $('#progress').hidden = !on; },
    toast, 'toast-hide': ({ id }) => { document.getElementById(id)?.remove(); },
    nav: ({ links, path }) => {
      $('#app-links').replaceChildren(...links.filter((link) => !link.home).map((link) => { const item = make('a', { href: `${config.base}${link.href}`, textContent: link.label, onclick: (event) => { event.preventDefault(); document.body.classList.remove('menu-open'); if (!$('#save-bar').hidden) { handlers.leave().then(() => send({ type: 'navigate', payload: { href: link.href } })); return; } send({ type: 'navigate', payload: { href: link.href } }); } }); item.dataset.href = link.href; return item; }));
      const home = links.find((link) => link.home);
      if (home) $('#app-home').onclick = (event) => { event.preventDefault(); document.body.classList.remove('menu-open'); send({ type: 'navigate', payload: { href: home.href } }); };
      mark(path);
    },
    title: ({ title, buttons, groups }) => {
      const crumb = buttons.find((one) => one.breadcrumb);
      $('#title').textContent = title;
      document.title = `${title} · ${config.shopName}`;
      $('#crumb').replaceChildren(...(crumb ? [Object.assign(button(crumb), { textContent: '‹', ariaLabel: crumb.label || words.back })] : []));
      $('#buttons').replaceChildren(...groups.map((group) => make('details', {}, make('summary', { textContent: group.label || words.more }), make('div', {}, ...group.buttons.map(button)))), ...buttons.filter((one) => !one.breadcrumb).map(button));
    },
    'save-bar': ({ on, save, discard }) => {
      $('#save-bar').hidden = !on;
      if (!on) { leaveWaiters.forEach((resolve) => resolve()); leaveWaiters = []; return; }
      Object.assign($('#save'), { textContent: save.label || words.save, disabled: Boolean(save.disabled || save.loading), onclick: () => send({ type: 'save-bar', payload: { which: 'save' } }) });
      Object.assign($('#discard'), { textContent: discard.label || words.discard, disabled: Boolean(discard.disabled), onclick: async () => { if (!discard.confirm || await confirmDialog(words.leaveTitle, words.leaveText, words.discard, true)) send({ type: 'save-bar', payload: { which: 'discard' } }); } });
    },
    history: ({ path }) => {
      const url = new URL(path, origin);
      for (const name of PRIVATE) url.searchParams.delete(name);
      current = url.pathname;
      mark(current);
      const query = url.searchParams.toString(), locale = config.locale === 'en' ? '' : `locale=${config.locale}`;
      history.replaceState(null, '', `${config.base}${url.pathname}${query || locale ? `?${[query, locale].filter(Boolean).join('&')}` : ''}`);
    },
    redirect: ({ url }) => {
      const admin = /^shopify:\/?\/?admin(\/.*)$/.exec(url) || /^https:\/\/admin\.shopify\.com\/store\/[^/]+(\/.*)$/.exec(url) || /^https:\/\/[\w-]+\.myshopify\.com\/admin(\/.*)$/.exec(url);
      if (admin) location.assign(`${config.adminBase}${admin[1]}`);
      else if (new URL(url).hostname.endsWith('.myshopify.com') && config.local) window.open(`/store${new URL(url).pathname}`, '_blank');
      else location.assign(url);
    },
  };
  addEventListener('message', async (event) => {
    if (event.source !== frame.contentWindow || event.origin !== origin || !event.data?.emulator) return;
    const { id, type, payload } = event.data, handler = handlers[type];
    try {
      if (!handler) throw new Error(`The emulator's admin does not model ${type}`);
      const value = await handler(payload);
      if (id) send({ reply: id, value });
    } catch (error) { if (id) send({ reply: id, error: error.message }); else console.error(error); }
  });
})();
