/*
 * LoyalNest, on first intent: the panel. Loaded by loyalnest.js, which hands over its store.
 * Text reaches the page as text nodes alone, never as markup.
 */

let store;

/** An element: functions are listeners; false and nullish are left out. */
function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value != null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

const p = (text, look) => h('p', { class: look }, text);
const button = (key, click) => h('button', { class: 'button', type: 'button', click }, word(key));
const word = (key, parts) => store.word(key, parts);
const day = (at) => new Intl.DateTimeFormat(store.page.locale, { dateStyle: 'medium' }).format(new Date(at));

function money({ amount, currency }) {
  const whole = Number.isInteger(Number(amount)) ? { maximumFractionDigits: 0 } : {};
  return store.number(amount, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...whole });
}

const VIEWS = ['home', 'earn', 'history'];

class Panel extends HTMLElement {
  view = 'home';
  /** History as far as it was read: { entries, next_cursor }. */
  pages = null;
  /** null, 'first' or 'more'. */
  reading = null;
  stale = false;
  pagesTrouble = null;

  constructor() {
    super();
    this.attachShadow({ mode: 'open' });
    this.amount = h('p', { class: 'amount', 'aria-live': 'polite', 'aria-atomic': 'true' }, h('b'), ' ', h('span'));
    this.note = h('p', { class: 'note' });
    this.heading = h('h2', { id: 'title' });
    this.content = h('div', { class: 'content', role: 'region', tabindex: 0 });
    this.tabs = VIEWS.map((view) => h('button', { type: 'button', click: () => this.turn(view) }, word(view)));
    const close = h('button', { class: 'close', type: 'button', 'aria-label': word('close'), click: () => this.dialog.close() });
    this.dialog = h(
      'dialog',
      { 'aria-labelledby': 'title', close: () => this.closed(), keydown: (event) => this.trap(event) },
      h('header', {}, h('div', {}, this.heading, this.amount, this.note), close),
      h('nav', { 'aria-labelledby': 'title' }, this.tabs),
      this.content,
    );
    // A press on the backdrop is a press on the dialog itself.
    this.dialog.addEventListener('click', (event) => event.target === this.dialog && this.dialog.close());
    this.root = h('div', {}, this.dialog);
    this.styled = new Promise((resolve) => {
      const sheet = h('link', { rel: 'stylesheet', href: store.page.style, load: resolve, error: resolve });
      this.shadowRoot.append(sheet, this.root);
    });
    store.addEventListener('change', () => {
      // New data, new history: its first page is read again when it is looked at.
      this.stale ||= this.known !== store.data;
      if (this.dialog.open) this.paint();
    });
  }

  async show(opener, view) {
    const { className, style } = opener.closest('.root');
    this.root.className = className;
    this.root.style.cssText = style.cssText;
    this.opener = opener;
    this.painted = null;
    await this.styled;
    if (this.dialog.open) return;
    this.dialog.showModal();
    opener.ariaExpanded = 'true';
    this.turn(store.page.member ? view : 'home');
    store.viewed('panel');
    store.soon();
  }

  closed() {
    this.opener.ariaExpanded = 'false';
    this.opener.focus();
  }

  /** A modal dialog lets Tab out to the browser's own bars; here it goes round. */
  trap(event) {
    if (event.key !== 'Tab') return;
    const stops = [...this.dialog.querySelectorAll('button:not([hidden]):not(:disabled),a,[tabindex]')];
    const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (this.shadowRoot.activeElement === from) {
      event.preventDefault();
      to.focus();
    }
  }

  turn(view) {
    this.view = view;
    VIEWS.forEach((name, i) => {
      this.tabs[i].ariaCurrent = name === view ? 'page' : null;
      // A guest has no history.
      this.tabs[i].hidden = name === 'history' && !store.page.member;
    });
    this.content.ariaLabel = word(view);
    this.content.scrollTop = 0;
    this.painted = null;
    this.paint();
  }

  paint() {
    this.head();
    const { data, trouble } = store;
    const unread = this.stale || !(this.pages || this.pagesTrouble);
    if (unread && this.view === 'history' && !this.reading) this.read();
    // A look that brought nothing new leaves the page, its focus and its scroll alone.
    const state = [data, trouble, this.view, this.pages, this.reading, this.pagesTrouble];
    if (this.painted?.every((part, i) => part === state[i])) return;
    this.painted = state;
    this.known = data;
    const hadFocus = this.content.contains(this.shadowRoot.activeElement);
    const body = data ? this[this.view](data) : trouble ? [] : skeleton();
    this.content.replaceChildren(
      ...[trouble && alertBox(trouble, () => store.soon()), data?.program.active === false && p(word('paused'), 'box')]
        .concat(body)
        .filter(Boolean),
    );
    this.content.ariaBusy = String(!data && !trouble);
    if (hadFocus) this.content.focus({ preventScroll: true });
  }

  head() {
    const { data } = store;
    this.amount.hidden = !store.page.member;
    if (this.amount.hidden) {
      const points = data?.points_name.other;
      this.heading.textContent = points ? word('guest_title', { points }) : word('title');
      this.note.textContent = points ? word('guest_text', { points }) : '';
      return;
    }
    const customer = data?.customer;
    this.heading.textContent = customer?.name ? word('hello', { name: customer.name }) : word('title');
    this.note.textContent = customer ? store.note(customer) : word(data ? 'start' : 'note');
    const [number, unit] = this.amount.children;
    // Until the first answer: what Liquid painted on the opener, if it did.
    const [text, name] = data
      ? [store.number(customer?.balance ?? 0), store.unit(customer?.balance ?? 0)]
      : [...(this.opener.closest('.root').querySelector('[data-amount]')?.children ?? [])].map((part) => part.textContent);
    if (number.textContent !== text) number.textContent = text ?? '';
    if (unit.textContent !== name) unit.textContent = name ?? '';
  }

  home(data) {
    if (!store.page.member) return [invitation(), h('h3', {}, word('earn')), ...this.earn(data)];
    const { expiring, recent } = data;
    return [
      expiring && p(word('expiring', { points: store.amount(expiring.points), date: day(expiring.at) }), 'box'),
      h('h3', {}, word('recent')),
      recent.length ? list(recent) : p(word('empty'), 'empty'),
      recent.length > 0 && button('all', () => this.turn('history')),
    ];
  }

  earn({ earn }) {
    // An action this version has no words for is left to the next.
    const known = earn.filter(({ action }) => store.page.words[action]);
    if (!known.length) return [p(word('no_earn'), 'empty')];
    return [
      h('ul', {}, known.map(({ action, points, per, done }) =>
        h('li', {},
          h('div', {},
            p(word(action)),
            per && p(word('purchase_text', { points: store.amount(points), amount: money(per) }), 'mute')),
          h('b', { class: 'chip' }, done ? word('done') : `+${store.number(points)}`)))),
    ];
  }

  history() {
    const { pages, reading, pagesTrouble } = this;
    return [
      pages && (pages.entries.length ? list(pages.entries) : p(word('empty'), 'empty')),
      reading && (reading === 'more' || !pages) && skeleton(),
      pagesTrouble && alertBox(pagesTrouble, () => this.read(pages?.next_cursor)),
      pages?.next_cursor && !reading && !pagesTrouble &&
        button('more', () => this.read(pages.next_cursor)),
    ].flat();
  }

  /** Reads the page behind the cursor, or the first page anew. */
  async read(cursor) {
    this.reading = cursor ? 'more' : 'first';
    this.stale = false;
    this.pagesTrouble = null;
    this.paint();
    try {
      const answer = await store.get('history', cursor && { cursor });
      const { entries, next_cursor } = await answer.json();
      const before = cursor ? this.pages.entries : [];
      this.pages = { entries: [...before, ...entries], next_cursor };
    } catch {
      this.pagesTrouble = store.troubleNow();
    }
    this.reading = null;
    this.paint();
  }
}

const list = (entries) =>
  h('ul', {}, entries.map((entry) =>
    h('li', {},
      h('div', {},
        p(entry.explanation),
        h('p', { class: 'mute' },
          h('time', { datetime: entry.at }, day(entry.at)),
          ` · ${word('after', { points: store.number(entry.balance_after) })}`)),
      h('b', { class: entry.points < 0 ? 'chip out' : 'chip' }, store.number(entry.points, { signDisplay: 'exceptZero' })))));

const invitation = () =>
  h('p', { class: 'links' },
    h('a', { class: 'button full', href: store.page.register_url }, word('register')),
    h('a', { class: 'button', href: store.page.sign_in_url }, word('sign_in')));

const alertBox = (trouble, retry) =>
  h('div', { class: 'box', role: 'alert' },
    p(word(trouble)),
    button('retry', retry));

const skeleton = () => [
  h('p', { class: 'hidden', role: 'status' }, word('loading')),
  ...[1, 2, 3].map(() => h('div', { class: 'bone', 'aria-hidden': 'true' })),
];

/** Opens the page's one panel; focus returns to the opener. */
export function open(shared, opener, view) {
  store = shared;
  if (!customElements.get('loyalnest-panel')) customElements.define('loyalnest-panel', Panel);
  let panel = document.querySelector('loyalnest-panel');
  if (!panel) {
    panel = document.createElement('loyalnest-panel');
    document.body.append(panel);
  }
  return panel.show(opener, view);
}
