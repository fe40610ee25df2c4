import { h, Views } from './loyalnest-kit.js';
import { directionOf, languageOf, others, own, speak } from './loyalnest-language.js';
function head(store, { heading, amount, note }, painted) {
  const { data } = store;
  const text = (element, value) => {
    if (element.textContent !== value) element.textContent = value;
  };
  amount.hidden = !store.page.member;
  if (amount.hidden) {
    const points = others(store);
    text(heading, store.word('guest_title', { points }));
    text(
      note,
      data?.branding.welcome ?? own(store, 'welcome') ?? store.word('guest_text', { points }),
    );
    return;
  }
  const customer = data?.customer;
  text(
    heading,
    customer?.name ? store.word('hello', { name: customer.name }) : store.word('title'),
  );
  text(note, customer ? store.note(customer) : store.word(data ? 'start' : 'note'));
  const [number, unit] = amount.querySelectorAll('b,span');
  const [count, name] = data
    ? [store.number(customer?.balance ?? 0), store.unit(customer?.balance ?? 0)]
    : [...(painted?.querySelectorAll('b,span') ?? [])].map((part) => part.textContent);
  text(number, count ?? '');
  text(unit, name ?? '');
}
class Panel extends HTMLElement {
  constructor(store) {
    super();
    this.store = store;
    this.attachShadow({ mode: 'open' });
    const amount = h(
      'p',
      { class: 'amount', 'aria-live': 'polite', 'aria-atomic': 'true' },
      h('bdi', {}, h('b'), ' ', h('span')),
    );
    this.parts = { amount, heading: h('h2', { id: 'title' }), note: h('p', { class: 'note' }) };
    this.logo = h('img', { class: 'logo', alt: '', hidden: '' });
    this.views = new Views(store);
    this.close = h('button', { class: 'close', type: 'button', click: () => this.dialog.close() });
    this.dialog = h(
      'dialog',
      {
        'aria-labelledby': 'title',
        close: () => this.closed(),
        keydown: (event) => this.trap(event),
      },
      h(
        'header',
        {},
        h('div', {}, this.logo, this.parts.heading, amount, this.parts.note),
        this.close,
      ),
      this.views.nav,
      this.views.content,
      this.views.voice,
    );
    this.dialog.addEventListener(
      'click',
      (event) => event.target === this.dialog && this.dialog.close(),
    );
    this.root = h('div', {}, this.dialog);
    this.styled = styled(store, this.shadowRoot, this.root);
    store.addEventListener('change', () => this.dialog.open && this.paint());
  }
  async show(opener, arrive, view = 'home') {
    const { store } = this;
    const { className, style } = opener.closest('.root');
    this.root.className = className;
    this.root.style.cssText = style.cssText;
    this.opener = opener;
    this.views.painted = null;
    await this.styled;
    if (this.dialog.open || !arrive()) return;
    this.dialog.showModal();
    history.pushState({ ...history.state, loyalnest: 1 }, '');
    addEventListener('popstate', () => this.dialog.close(), { once: true });
    opener.ariaExpanded = 'true';
    this.views.turn(view);
    this.paint();
    store.viewed('panel');
    store.soon();
  }
  paint() {
    const { store } = this;
    Object.assign(this.root, { dir: directionOf(store), lang: languageOf(store) });
    // On the launcher's side, also where only the panel runs from left to right.
    const { classList } = this.opener.closest('.root');
    const turned = this.root.dir && getComputedStyle(document.body).direction === 'rtl';
    this.root.classList.toggle('start', classList.contains('start') !== Boolean(turned));
    this.close.ariaLabel = store.word('close');
    const { color, logo_url: src } = store.data?.branding ?? {};
    if (color && !store.page.brand) {
      this.root.style.setProperty('--brand', color);
      this.root.classList.add('own');
    }
    if (src && this.logo.hidden) Object.assign(this.logo, { src, hidden: false });
    head(store, this.parts, this.opener.closest('.root').querySelector('[data-amount]'));
    this.views.paint();
  }
  closed() {
    const { opener } = this;
    opener.ariaExpanded = 'false';
    if (history.state?.loyalnest) history.back();
    const back =
      opener.isConnected && opener.checkVisibility()
        ? opener
        : document.querySelector('loyalnest-launcher')?.part('launcher');
    back?.focus();
  }
  trap(event) {
    if (event.key !== 'Tab') return;
    const stops = [
      ...this.dialog.querySelectorAll('button,a,input,select,summary,[tabindex]'),
    ].filter((stop) => !stop.disabled && stop.tabIndex >= 0 && stop.checkVisibility());
    const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (this.shadowRoot.activeElement !== from) return;
    event.preventDefault();
    to.focus();
  }
}
function styled(store, shadow, root) {
  return new Promise((resolve) => {
    shadow.append(
      h('link', {
        rel: 'stylesheet',
        href: store.asset('panel.css'),
        load: resolve,
        error: resolve,
      }),
      root,
    );
  });
}
let panel;
export async function open(store, opener, arrive, view) {
  await speak(store);
  if (!customElements.get('loyalnest-panel')) customElements.define('loyalnest-panel', Panel);
  panel ??= new Panel(store);
  if (!panel.isConnected) document.body.append(panel);
  return panel.show(opener, arrive, view);
}
export async function mount(store, block) {
  await speak(store);
  const views = (block.views ??= await page(store, block));
  const { root } = views;
  const paint = () => {
    Object.assign(root, { dir: directionOf(store), lang: languageOf(store) });
    views.paint();
  };
  const follow = () => {
    const wanted = store.wanted();
    if (!wanted) return;
    block.scrollIntoView();
    views.turn(wanted);
  };
  block.on(store, 'change', paint);
  block.on(window, 'hashchange', follow);
  paint();
  follow();
  store.viewed('page');
  if (!store.data) store.soon();
}
async function page(store, block) {
  const views = new Views(store);
  const root = block.shadowRoot.querySelector('.root');
  const place = h('div', { class: 'views' }, views.nav, views.content, views.voice);
  const shadow = block.part('views').attachShadow({ mode: 'open' });
  views.root = h('div', { class: root.className, style: root.style.cssText }, place);
  views.root.hidden = true;
  await styled(store, shadow, views.root);
  views.root.hidden = false;
  return views;
}
