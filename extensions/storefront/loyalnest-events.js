const WAIT_MS = 5000;
const BATCH = 20;
const KEPT = 60;
let store = null;
function allowed() {
  const { Shopify } = window;
  if (!Shopify) return true;
  const privacy = Shopify.customerPrivacy;
  if (!privacy?.analyticsProcessingAllowed) return null;
  return privacy.analyticsProcessingAllowed() || (privacy.shouldShowBanner?.() ? null : false);
}
function ask() {
  if (allowed() === null)
    window.Shopify.loadFeatures?.([{ name: 'consent-tracking-api', version: '0.1' }], send);
}
function send() {
  const known = allowed();
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
    document.addEventListener('visitorConsentCollected', () => setTimeout(send));
    ask();
    addEventListener('load', ask);
  }
  store.events.splice(0, store.events.length - KEPT);
  setTimeout(send, WAIT_MS);
}
