const scaled = (text) => {
  const [whole, fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(16, '0'));
};
const pointsOf = (cents, { rate, per, multiplier }) =>
  Number(
    (BigInt(Math.round(cents)) * scaled(rate) * scaled(multiplier)) / 10n ** 34n / BigInt(per ?? 1),
  );
export function mount(store, block) {
  const line = block.part('line');
  if (!line) return;
  const facts = JSON.parse(block.dataset.facts);
  const quote = () => store.data?.quote ?? { ...facts.quote, multiplier: '1' };
  const perUnit = Number(window.Shopify?.currency?.rate ?? 1) || 1;
  let cents = facts.cents;
  const paint = () => {
    const points = pointsOf(cents / perUnit, quote());
    const part = line.querySelector('[data-points]');
    const text = store.data
      ? store.amount(points)
      : `${store.number(points)} ${facts.names[points === 1 ? 'one' : 'other']}`;
    const [before, after] = (
      store.words[facts.prices ? 'quote_product' : 'quote_cart'] ?? ''
    ).split('[points]');
    if (after !== undefined) part.parentElement.replaceChildren(before, part, after);
    if (part.textContent !== text) part.textContent = text;
    line.style.visibility = points > 0 ? 'visible' : 'hidden';
  };
  store.addEventListener('change', paint);
  if (facts.prices) product();
  else cart();
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
    const follow = () => {
      const chosen = form();
      const id = chosen
        ? field(chosen, 'id').value
        : new URLSearchParams(location.search).get('variant');
      const many =
        chosen &&
        (field(chosen, 'quantity') ??
          chosen.closest('product-info,section')?.querySelector('[name="quantity"]'));
      const price = facts.prices[id] ?? facts.cents;
      const next = price * Math.max(1, Number(many?.value) || 1);
      if (next !== cents) {
        cents = next;
        paint();
      }
    };
    for (const event of ['change', 'input'])
      document.addEventListener(event, () => setTimeout(follow));
    const chosen = form();
    const id = chosen && field(chosen, 'id');
    if (id instanceof Node)
      new MutationObserver(follow).observe(id, { attributes: true, attributeFilter: ['value'] });
    follow();
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
      cents = Math.min(total, earning);
      paint();
    };
    new PerformanceObserver((list) => {
      if (list.getEntries().some(({ name }) => /\/cart\/(add|change|update|clear)/.test(name)))
        read();
    }).observe({ type: 'resource' });
  }
}
