import { allowed, ask } from './loyalnest-events.js';
/** Who sent this visitor, and how: kept while they look around, for the order, and for the claim once they sign in. */
const KEPT_MS = 2592e6;
export function follow(store) {
  const query = new URLSearchParams(location.search);
  const code = query.get('ln_ref');
  if (code?.match(/^\w{4,20}$/)) {
    store.friend = {
      code,
      channel: query.get('ln_c') ?? '',
      click: query.get('ln_k') ?? '',
      until: Date.now() + KEPT_MS,
    };
    // A copied address is no invitation.
    history.replaceState(
      history.state,
      '',
      location.href.replace(/ln_\w+=[^&#]*&?/g, '').replace(/[?&](?=#|$)/, ''),
    );
    mark(store.friend);
    if (!store.page.member)
      tell(
        store,
        store.ask('referrals', { query: { code } }),
        'register',
        store.page.register_url,
      ).then((offer) => (store.offer = offer.active && offer));
  } else {
    const kept = JSON.parse(store.recall('friend') || null);
    if (kept?.until > Date.now()) store.friend = kept;
  }
  const keep = () => {
    const may = store.friend ? allowed('preferences') : false;
    if (may) store.recall('device') || store.recall('device', crypto.randomUUID());
    if (may !== null) store.recall('friend', may ? JSON.stringify(store.friend) : '');
  };
  ask('preferences', keep);
  keep();
  const claim = () => {
    const { friend } = store;
    if (!friend || !store.page.member) return;
    store.friend = null;
    const device = (allowed('preferences') && store.recall('device')) || '';
    tell(
      store,
      store.ask('referrals/claim', { body: { ...friend, device } }),
      'history',
      '#loyalnest-history',
      'history',
    ).then(
      () => {
        keep();
        store.soon();
      },
      // Without an answer the next page tries again.
      ({ status }) => status === 404 && keep(),
    );
  };
  store.addEventListener('change', claim);
  claim();
}
/** The order carries it, whoever places it and on whichever device they pay. */
function mark({ code, channel }) {
  fetch(`${window.Shopify?.routes?.root ?? '/'}cart/update.js`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      attributes: { _loyalnest_ref: code, _loyalnest_ref_channel: channel },
    }),
  }).catch(() => {});
}
async function tell(store, answer, word, href, view) {
  const told = await (await answer).json();
  const { speak } = await store.load('language');
  await speak(store);
  const { card } = await store.load('extra');
  const launcher = document.querySelector('loyalnest-launcher');
  if (launcher && told.active !== false)
    card(store, launcher, told.title, told.text, store.word(word), href, view);
  return told;
}
