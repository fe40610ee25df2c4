export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value != null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat(2).filter((child) => child != null && child !== false));
  return element;
}
const ICONS = {
  tag: 'M3 12V4h8l9 9-8 8zM7.5 8h.01',
  truck: 'M3 7h11v9H3zM14 10h4l3 3v3h-7M7 19h.01M17 19h.01',
  gift: 'M4 11h16v9H4zM3 7h18v4H3zM12 7v13M12 7C7 7 7 3 10 3q2 0 2 4 0-4 2-4c3 0 3 4-2 4',
  card: 'M3 6h18v12H3zM3 10h18',
  cart: 'M3 4h2l2 11h10l2-7H6M9 19h.01M16 19h.01',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21q0-6 8-6t8 6',
  mail: 'M3 6h18v12H3zM3 7l9 6 9-6',
  star: 'M12 3l2.7 5.8 6.3.8-4.6 4.3 1.2 6.2L12 17l-5.6 3.1 1.2-6.2L3 9.6l6.3-.8z',
  heart: 'M12 20S4 15 4 9a4 4 0 0 1 8-1 4 4 0 0 1 8 1c0 6-8 11-8 11z',
  share: 'M12 15V3M8 7l4-4 4 4M5 12v8h14v-8',
  medal: 'M12 21a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM8 10L5 3M16 10l3-7',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2',
};
const svg = (name, value) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, text] of Object.entries(value)) element.setAttribute(key, text);
  return element;
};
const KINDS = {
  free_shipping: 'truck',
  free_product: 'gift',
  store_credit: 'card',
  gift_card: 'card',
  cashback: 'card',
};
function kitOf(store, views) {
  const seen = {};
  const word = store.word;
  const kit = {
    h,
    store,
    views,
    word,
    p: (text, look) => h('p', { class: look }, text),
    title: (key) => h('h3', {}, word(key)),
    button: (text, click, look = '', more) =>
      h('button', { class: `button ${look}`, type: 'button', click, ...more }, text),
    day: (at, style = 'medium') =>
      new Intl.DateTimeFormat(store.locale, { dateStyle: style }).format(new Date(at)),
    money({ amount, currency }) {
      const whole = Number.isInteger(Number(amount)) ? { maximumFractionDigits: 0 } : {};
      return store.number(amount, {
        style: 'currency',
        currency,
        currencyDisplay: 'narrowSymbol',
        ...whole,
      });
    },
    worth({ value, points_cost: points }, chosen) {
      if (!value) return '';
      const [whole, fraction = ''] = (value.percent ?? value.amount).split('.');
      const units =
        (BigInt(whole + fraction.padEnd(4, '0')) * BigInt(chosen ?? (points || 1))) /
        BigInt(points || 1);
      const amount = `${units / 10000n}.${String(units % 10000n).padStart(4, '0')}`;
      return value.percent ? `${store.number(amount)} %` : kit.money({ ...value, amount });
    },
    progress: ({ progress, goal, id = 'goal' }) =>
      progress && [
        kit.bar(progress.percent, id),
        kit.p(
          word('goal_progress', { spent: kit.money(progress.spent), amount: kit.money(goal) }),
          'mute',
        ),
      ],
    /** A reward's own picture, else the icon of its kind. */
    picture: ({ icon_url: src, kind }) =>
      src
        ? h(
            'span',
            { class: 'icon picture' },
            h('img', { src, alt: '', width: 56, height: 56, loading: 'lazy' }),
          )
        : kit.icon(KINDS[kind] ?? 'tag'),
    icon(name) {
      const picture = svg('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' });
      picture.append(svg('path', { d: ICONS[name] ?? ICONS.gift }));
      return h('span', { class: 'icon' }, picture);
    },
    /** @param id of what progresses: the bar moves on from where it was seen last */
    bar(percent, id) {
      const to = Math.min(100, Math.max(3, percent));
      const from = seen[id] ?? 0;
      seen[id] = to;
      return h(
        'div',
        { class: 'bar', 'aria-hidden': 'true' },
        h('i', { style: `inline-size:${to}%;--from:${from}%` }),
      );
    },
    /** A burst over the view, for something that was earned. */
    cheer() {
      if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
      const pieces = Array.from({ length: 24 }, (_, i) => {
        const far = 5 + (i % 5) * 2;
        return h('i', {
          style: `--x:${Math.cos(i * 2.4) * far}em;--y:${Math.sin(i * 2.4) * far - 6}em;--d:${(i % 4) * 40}ms`,
        });
      });
      const burst = h('div', { class: 'cheer', 'aria-hidden': 'true' }, pieces);
      views.content.after(burst);
      setTimeout(() => burst.remove(), 1800);
    },
    list: (entries) =>
      h(
        'ul',
        {},
        entries.map((entry) =>
          h(
            'li',
            {},
            h(
              'div',
              {},
              kit.p(entry.explanation),
              h(
                'p',
                { class: 'mute' },
                h('time', { datetime: entry.at }, kit.day(entry.at)),
                'balance_after' in entry &&
                  ` · ${word('after', { points: store.number(entry.balance_after) })}`,
              ),
            ),
            h(
              'bdi',
              { class: entry.points < 0 ? 'chip out' : 'chip' },
              store.number(entry.points, { signDisplay: 'exceptZero' }),
            ),
          ),
        ),
      ),
    alertBox: (trouble, retry) =>
      h(
        'div',
        { class: 'box', role: 'alert' },
        kit.p(word(trouble)),
        kit.button(word('retry'), retry),
      ),
    skeleton: () => [
      h('p', { class: 'hidden' }, word('loading')),
      ...[1, 2, 3].map(() => h('div', { class: 'bone', 'aria-hidden': 'true' })),
    ],
    async copy({ currentTarget: pressed }, text) {
      try {
        await navigator.clipboard.writeText(text);
        pressed.textContent = word('copied');
        pressed.ariaLabel = null;
        kit.say(word('copied'));
      } catch {
        getSelection().selectAllChildren(pressed.parentElement.querySelector('code'));
      }
    },
    say: (text) => {
      views.voice.textContent = text;
    },
    renew() {
      views.painted = null;
      views.paint();
    },
  };
  return kit;
}
const FILES = {
  home: 'panel',
  earn: 'panel',
  rewards: 'rewards',
  referrals: 'rewards',
  tiers: 'rewards',
  history: 'rewards',
};
const NAMES = Object.keys(FILES);
export class Views {
  view = 'home';
  made = {};
  constructor(store) {
    this.store = store;
    this.kit = kitOf(store, this);
    this.voice = h('p', { class: 'hidden', role: 'status' });
    this.content = h('div', { class: 'content', role: 'region', tabindex: 0 });
    this.tabs = NAMES.map((name) => h('button', { type: 'button', click: () => this.turn(name) }));
    this.nav = h('nav', {}, this.tabs);
  }
  turn(view, focus) {
    this.view = view;
    this.content.scrollTop = 0;
    this.painted = null;
    this.made[view]?.enter?.();
    this.paint();
    if (focus) this.content.focus({ preventScroll: true });
  }
  async fetch(view) {
    try {
      const module = await this.store.load(FILES[view]);
      this.made[view] = module[view](this.kit);
      this.made[view].enter?.();
    } catch {
      this.made[view] = { trouble: this.store.troubleNow() };
    }
    this.paint();
  }
  paint() {
    const { store, content, kit } = this;
    const { data, trouble } = store;
    const there = {
      home: true,
      earn: true,
      rewards: !data || data.rewards.length + data.redemptions.length > 0,
      referrals: store.page.member && (data ? data.referrals : this.view === 'referrals'),
      tiers: data ? Boolean(data.tier) : this.view === 'tiers',
      history: store.page.member,
    };
    if (!there[this.view]) this.view = 'home';
    const { view } = this;
    NAMES.forEach((name, i) => {
      const tab = this.tabs[i];
      const current = name === view ? 'page' : null;
      if (tab.ariaCurrent !== current) tab.ariaCurrent = current;
      if (tab.hidden !== !there[name]) tab.hidden = !there[name];
      if (tab.textContent !== store.word(name)) tab.textContent = store.word(name);
    });
    // On a page nothing may move: which tabs there are is known with the data.
    if (this.root) this.nav.style.visibility = data ? '' : 'hidden';
    const made = this.made[view];
    const state = [data, trouble, view, made, store.words];
    if (this.painted?.every((part, i) => part === state[i])) return;
    this.painted = state;
    this.nav.ariaLabel = store.word('rewards_title');
    content.ariaLabel = store.word(view);
    const hadFocus = content.contains(content.getRootNode().activeElement);
    if (!made) this.fetch(view);
    const again = () => {
      if (made?.trouble) this.made[view] = null;
      store.soon();
      kit.renew();
    };
    const problem = trouble ?? made?.trouble;
    if (trouble && data) store.track('partial_data_loaded', { trouble }, true);
    content.replaceChildren(
      ...[
        problem && kit.alertBox(problem, again),
        data?.program.notice && kit.p(kit.word(data.program.notice), 'box'),
        ...(data && made?.paint ? made.paint(data) : problem ? [] : kit.skeleton()),
      ]
        .flat(2)
        .filter(Boolean),
    );
    content.ariaBusy = String(!problem && !(data && made));
    if (hadFocus) (content.querySelector('[data-focus]') ?? content).focus({ preventScroll: true });
  }
}
