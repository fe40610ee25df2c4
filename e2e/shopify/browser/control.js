// The control panel's script: fills the form from a button, sends it, shows the answer.
(() => {
  const $ = (id) => document.getElementById(id);
  async function call(verb, body) {
    $('answer').textContent = '…';
    try {
      const response = await fetch(`/_control/${verb}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      $('answer').textContent = `${response.status}\n${JSON.stringify(await response.json(), null, 2)}`;
    } catch (error) { $('answer').textContent = String(error); }
    $('answer').scrollIntoView({ block: 'nearest' });
  }
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-example]');
    if (!button) return;
    $('verb').value = button.dataset.example;
    $('body').value = button.dataset.body;
    void call(button.dataset.example, button.dataset.body);
  });
  $('counter').addEventListener('submit', (event) => {
    event.preventDefault();
    const { customer, subtotal, code, card } = Object.fromEntries(new FormData(event.target));
    const body = { customer: customer || null, subtotal, source_name: 'pos', ...(code && { discount_codes: [code] }), ...(card && { gift_cards: [card] }) };
    void call('order', JSON.stringify(body));
  });
  $('call').addEventListener('submit', (event) => { event.preventDefault(); void call($('verb').value, $('body').value || '{}'); });
})();
