const WAIT_MS = 5000;
const BATCH = 20;
const KEPT = 60;
let store = null;
/** Whether the shopper allows it: yes, no, or null while they have not been asked. */
export function allowed(purpose) {
  const { Shopify } = window;
  if (!Shopify) return true;
  const privacy = Shopify.customerPrivacy;
  const may = `${purpose}ProcessingAllowed`;
  if (!privacy?.[may]) return null;
  return privacy[may]() || (privacy.shouldShowBanner?.() ? null : false);
}
/** Has Shopify ask where it has not yet, and calls again with each answer. */
export function ask(purpose, then) {
  if (allowed(purpose) === null)
    window.Shopify.loadFeatures?.([{ name: 'consent-tracking-api', version: '0.1' }], then);
  document.addEventListener('visitorConsentCollected', () => setTimeout(then));
}
function send() {
  const known = allowed('analytics');
  if (known === false) store.events.length = 0;
  while (known && store.events.length) {
    const body = new Blob([JSON.stringify({ events: store.events.slice(0, BATCH) })], {
      type: 'application/json',
    });
    if (!navigator.sendBeacon(`${store.page.proxy}/events`, body)) return;
    store.events.splice(0, BATCH);
  }
}
export function tell(shared) {
  if (!store) {
    store = shared;
    addEventListener('pagehide', send);
    document.addEventListener('visibilitychange', () => document.hidden && send());
    const asked = () => ask('analytics', send);
    asked();
    addEventListener('load', asked);
  }
  store.events.splice(0, store.events.length - KEPT);
  setTimeout(send, WAIT_MS);
}
