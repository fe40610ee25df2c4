/* What a product or the cart is worth in points. */

/** A decimal as a whole number and what that is divided by. */
const exact = (text) => {
  const [whole, fraction = ''] = text.split('.');
  return [BigInt(whole + fraction), 10n ** BigInt(fraction.length)];
};

/** Rounded down once, as the award will be. Liquid's cents are hundredths in any currency. */
const pointsOf = (cents, { rate, per = '1', multiplier }) => {
  const [points, overPoints] = exact(rate);
  const [factor, overFactor] = exact(multiplier);
  return Number((BigInt(Math.round(cents)) * points * factor) / (100n * overPoints * overFactor * BigInt(per)));
};

export function mount(store, block) {
  const line = block.part('line');
  if (!line) return;
  const facts = JSON.parse(block.dataset.facts);
  const quote = () => store.data?.quote ?? { ...facts.quote, multiplier: '1' };
  // Prices are in the shopper's currency, points in the shop's.
  const perUnit = Number(window.Shopify?.currency?.rate ?? 1) || 1;

  let cents = facts.cents;
  const paint = () => {
    const points = pointsOf(cents / perUnit, quote());
    const part = line.querySelector('[data-points]');
    const text = store.data ? store.amount(points) : `${store.number(points)} ${facts.names[points === 1 ? 'one' : 'other']}`;
    if (part.textContent !== text) part.textContent = text;
    line.style.visibility = points > 0 ? 'visible' : 'hidden';
  };
  store.addEventListener('change', paint);

  if (facts.prices) product();
  else cart();
  paint();

  function product() {
    const form = () => (block.closest('section,main,body') ?? document).querySelector('form[action*="/cart/add"]');
    const follow = () => {
      const chosen = form() && new FormData(form());
      const id = chosen?.get('id') ?? new URLSearchParams(location.search).get('variant');
      const price = facts.prices[id] ?? facts.cents;
      const next = price * Math.max(1, Number(chosen?.get('quantity')) || 1);
      if (next !== cents) {
        cents = next;
        paint();
      }
    };
    // Themes tell of a variant in their own ways; all change the form or its id.
    for (const event of ['change', 'input']) document.addEventListener(event, () => setTimeout(follow));
    const id = form()?.querySelector('[name="id"]');
    if (id) new MutationObserver(follow).observe(id, { attributes: true, attributeFilter: ['value'] });
    follow();
  }

  function cart() {
    let reading = 0;
    const read = async () => {
      const turn = ++reading;
      const answer = await fetch(facts.cart, { headers: { Accept: 'application/json' } }).catch(() => null);
      if (!answer?.ok || turn !== reading) return;
      const { items, total_price: total } = await answer.json();
      const { excluded } = quote();
      const earning = items
        .filter(({ product_id: id }) => !excluded?.includes(String(id)))
        .reduce((sum, item) => sum + (item.final_line_price ?? item.line_price), 0);
      cents = Math.min(total, earning);
      paint();
    };
    // Whoever changes the cart asks Shopify to.
    new PerformanceObserver((list) => {
      if (list.getEntries().some(({ name }) => /\/cart\/(add|change|update|clear)/.test(name))) read();
    }).observe({ type: 'resource' });
  }
}
