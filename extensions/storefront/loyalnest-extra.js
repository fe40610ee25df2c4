const AWARD_MS = 36e5;
const make = (tag, more) => Object.assign(document.createElement(tag), more);
const speak = async (store) => {
  const language = await store.load('language');
  await language.speak(store);
  return language;
};
export function bars(store, launcher, bar) {
  if (bar && !sessionStorage.getItem('loyalnest:bar')) {
    bar.onclick = ({ target }) => {
      if (target.matches('a')) store.track('sticky_bar_clicked', { member: store.page.member });
      if (!target.matches('button')) return;
      sessionStorage.setItem('loyalnest:bar', 'closed');
      bar.remove();
      launcher.part('launcher').focus();
    };
    const same = bar.dataset.bar === 'same';
    const show = () => {
      if (store.data && !same) aim(store, bar);
      bar.hidden = false;
    };
    if (store.data || !store.page.member || same) show();
    launcher.on(store, 'change', show);
  }
  if (store.fromCheckout && store.page.post_purchase !== false)
    (store.page.member ? announce : invite)(store, launcher);
}
/** Guests read what the shop says to everyone; members, how far their next reward is. */
function aim({ data: { customer, rewards }, amount, word }, bar) {
  if (!customer) return;
  const { available } = customer;
  const cost = ({ steps, points_cost: points }) => steps?.min ?? points;
  const open = rewards.filter((one) => one.eligible && !one.offer);
  open.sort((one, other) => cost(one) - cost(other));
  const next = open.find((one) => cost(one) > available) ?? open.at(-1);
  if (!next) return;
  const { title } = next;
  const left = cost(next) - available;
  const [line] = bar.children;
  line.removeAttribute('data-own');
  line.textContent =
    left > 0 ? word('bar_next', { points: amount(left), title }) : word('bar_ready', { title });
  bar.style.setProperty('--done', `${(available / cost(next)) * 100}%`);
}
export function card(store, launcher, title, note, textContent, href, view) {
  const toast = make('aside', { className: 'toast' });
  const link = make('a', { className: 'button', textContent, href });
  if (view) {
    link.dataset.open = view;
    store.opens(link);
  }
  const close = make('button', { className: 'close', ariaLabel: store.word('close') });
  close.addEventListener('click', () => {
    toast.remove();
    launcher.part('launcher').focus();
  });
  toast.append(
    make('p', { className: 'title strong', textContent: title }),
    make('p', { className: 'note', textContent: note }),
    link,
    close,
  );
  const region = launcher.part('award') ?? make('div', { role: 'status' });
  region.dataset.award = '';
  launcher.shadowRoot.querySelector('.root').append(region);
  requestAnimationFrame(() => region.replaceChildren(toast));
  store.track('post_purchase_viewed', { member: store.page.member }, true);
}
async function invite(store, launcher) {
  if (sessionStorage.getItem('loyalnest:card')) return;
  sessionStorage.setItem('loyalnest:card', 'guest');
  const points = (await speak(store)).others(store);
  const { register_url: href } = store.page;
  card(
    store,
    launcher,
    store.word('guest_order', { points }),
    store.word('guest_order_text', { points }),
    store.word('register'),
    href,
  );
}
function announce(store, launcher) {
  let told = store.recall('card');
  const look = async () => {
    const { recent = [], customer, rewards } = store.data ?? {};
    const award = recent.find(({ reason_code: reason }) => reason === 'order_paid');
    if (!award || award.id === told || Date.now() - new Date(award.at) > AWARD_MS) return;
    told = award.id;
    store.recall('card', told);
    const { own } = await speak(store);
    const text =
      own(store, 'after') ||
      store.word('earned_text', {
        order: award.order_name ?? '',
        balance: store.amount(customer.balance),
      });
    const view = rewards.length ? 'rewards' : 'history';
    card(
      store,
      launcher,
      store.word('you_earned', { points: store.amount(award.points) }),
      text,
      store.word(view),
      launcher.part('launcher').href,
      view,
    );
  };
  launcher.on(store, 'change', look);
  look();
}
