const scaled = (text) => {
  const [whole, fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(16, '0'));
};
const pointsOf = (cents, { rate, per, multiplier }) =>
  Number(
    (BigInt(Math.round(cents)) * scaled(rate) * scaled(multiplier)) / 10n ** 34n / BigInt(per ?? 1),
  );
/** What the cart was worth when it was last read: a line that a theme makes anew begins with it. */
let latest;
export function mount(store, block) {
  const line = block.part('line');
  if (!line) return;
  let facts = JSON.parse(block.dataset.facts);
  const quote = () => store.data?.quote ?? { ...facts.quote, multiplier: '1' };
  let cents = (facts.prices ? undefined : latest) ?? facts.cents;
  const paint = () => {
    const perUnit = Number(window.Shopify?.currency?.rate ?? 1) || 1;
    const points = pointsOf(cents / perUnit, quote());
    const part = line.querySelector('[data-points]');
    const text = store.data
      ? store.amount(points)
      : `${store.number(points)} ${facts.names[points === 1 ? 'one' : 'other']}`;
    const words = store.words[facts.prices ? 'quote_product' : 'quote_cart'] ?? '';
    const [before, after] = words.split('[points]');
    if (after !== undefined) part.parentElement.replaceChildren(before, part, after);
    if (part.textContent !== text) part.textContent = text;
    if (facts.drawer) block.style.display = points > 0 ? 'block' : 'none';
    else line.style.visibility = points > 0 ? 'visible' : 'hidden';
  };
  block.on(store, 'change', paint);
  const follow = facts.prices ? product() : cart();
  block.facts = () => {
    facts = JSON.parse(block.dataset.facts);
    cents = facts.cents;
    paint();
    follow();
  };
  paint();
  function product() {
    const field = (form, name) => form.elements.namedItem(name);
    const form = () => {
      const near = block.closest('product-info,section,main,body') ?? document.body;
      const mine = (place) =>
        [...place.querySelectorAll('form[action*="/cart/add"]')].filter(
          (one) => field(one, 'id')?.value in facts.prices,
        );
      const forms = [mine(near), mine(document)].find(({ length }) => length) ?? [];
      return (
        forms.find((one) => field(one, 'quantity')) ??
        forms.find((one) => one.querySelector('[type="submit"]')) ??
        forms[0]
      );
    };
    let watched;
    const watch = new MutationObserver(() => follow());
    block.gone.signal.addEventListener('abort', () => watch.disconnect());
    const follow = () => {
      const chosen = form();
      const search = new URLSearchParams(location.search);
      const input = chosen && field(chosen, 'id');
      // A script that sets a hidden field's value causes no event.
      if (input instanceof Node && input !== watched) {
        watch.disconnect();
        watch.observe(input, { attributeFilter: ['value'] });
        watched = input;
      }
      const id = input ? input.value : search.get('variant');
      const plan = chosen ? field(chosen, 'selling_plan')?.value : search.get('selling_plan');
      const many =
        chosen &&
        (field(chosen, 'quantity') ??
          chosen.closest('product-info,section')?.querySelector('[name="quantity"]'));
      const price = facts.prices[`${id}:${plan}`] ?? facts.prices[id] ?? facts.cents;
      const next = price * Math.max(1, Number(many?.value) || 1);
      if (next !== cents) {
        cents = next;
        paint();
      }
    };
    for (const event of ['change', 'input']) block.on(document, event, () => setTimeout(follow));
    block.on(document, 'shopify:product:select', ({ promise }) => settled(promise, follow));
    follow();
    return follow;
  }
  function cart() {
    let reading = 0;
    const read = async () => {
      const turn = ++reading;
      const answer = await fetch(facts.cart, { headers: { Accept: 'application/json' } }).catch(
        () => null,
      );
      if (!answer?.ok || turn !== reading) return;
      const { items, total_price: total } = await answer.json();
      const { excluded } = quote();
      const earning = items
        .filter(({ product_id: id }) => !excluded?.includes(String(id)))
        .reduce((sum, item) => sum + (item.final_line_price ?? item.line_price), 0);
      latest = cents = Math.min(total, earning);
      paint();
    };
    changes(block, read);
    if (block.dataset.late) read();
    return () => {};
  }
}
const settled = (promise, done) => Promise.resolve(promise).then(done, done);
/** Shopify's standard events tell of a changed cart; themes without them are told by their requests. */
export function changes(block, changed) {
  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, 50);
  };
  for (const name of ['lines-update', 'discount-update', 'view'])
    block.on(document, `shopify:cart:${name}`, ({ promise }) => settled(promise, soon));
  const requests = new PerformanceObserver((list) => {
    if (list.getEntries().some(({ name }) => /\/cart\/(add|change|update|clear)/.test(name)))
      soon();
  });
  requests.observe({ type: 'resource' });
  block.gone.signal.addEventListener('abort', () => requests.disconnect());
}
