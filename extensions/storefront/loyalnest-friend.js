/** Who sent this visitor, and how: kept while they look around, for the order, and for the claim once they sign in. */
const KEPT_MS = 2592e6;
/** Whether more than this page may remember it: yes, no, or null while the shopper has not been asked. */
function allowed() {
  const { Shopify } = window;
  if (!Shopify) return true;
  const privacy = Shopify.customerPrivacy;
  if (!privacy?.preferencesProcessingAllowed) return null;
  return privacy.preferencesProcessingAllowed() || privacy.marketingAllowed();
}
const read = (store) => {
  try {
    const kept = JSON.parse(store.recall('friend'));
    return kept.until > Date.now() ? kept : null;
  } catch {
    return null;
  }
};
export function follow(store) {
  const query = new URLSearchParams(location.search);
  const code = query.get('ln_ref');
  if (/^\w{4,20}$/.test(code)) {
    store.friend = {
      code,
      channel: query.get('ln_c') ?? '',
      click: query.get('ln_k') ?? '',
      until: Date.now() + KEPT_MS,
    };
    for (const name of ['ln_ref', 'ln_c', 'ln_k']) query.delete(name);
    const rest = String(query);
    history.replaceState(
      history.state,
      '',
      location.pathname + (rest && '?' + rest) + location.hash,
    );
    mark(store.friend);
  } else store.friend = read(store);
  if (!store.friend) return;
  keep(store);
  document.addEventListener('visitorConsentCollected', () => setTimeout(keep, 0, store));
  if (allowed() === null)
    window.Shopify.loadFeatures?.([{ name: 'consent-tracking-api', version: '0.1' }], () =>
      keep(store),
    );
  if (!store.page.member && code) invite(store);
  const claim = () => store.page.member && store.friend && take(store);
  store.addEventListener('change', claim);
  claim();
}
function keep(store) {
  const may = allowed();
  if (!store.friend || may === false) return store.recall('friend', '');
  if (!may) return;
  store.recall('device') || store.recall('device', crypto.randomUUID());
  store.recall('friend', JSON.stringify(store.friend));
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
const say = async (store, { title, text }, label, href, view) => {
  const launcher = document.querySelector('loyalnest-launcher');
  const { card } = await store.load('extra');
  if (launcher) card(store, launcher, title, text, label, href, view);
};
async function invite(store) {
  const answer = await store.ask('referrals', { query: { code: store.friend.code } });
  const offer = await answer.json();
  if (!offer.active) return;
  store.offer = offer;
  await (await store.load('language')).speak(store);
  say(store, offer, store.word('register'), store.page.register_url);
}
async function take(store) {
  const { code, channel, click } = store.friend;
  const device = allowed() ? store.recall('device') : '';
  store.friend = null;
  try {
    const answer = await store.ask('referrals/claim', {
      body: { code, channel, click, device: device ?? '' },
    });
    store.recall('friend', '');
    const told = await answer.json();
    await (await store.load('language')).speak(store);
    say(store, told, store.word('history'), '#loyalnest-history', 'history');
    store.soon();
  } catch (failure) {
    // Without an answer the next page tries again.
    if (failure.status === 404) store.recall('friend', '');
  }
}
