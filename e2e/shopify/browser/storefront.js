// The theme's own script: a drawer for the cart that is rendered by the shop, section by section, and tells of every change by
// Shopify's standard events.
(() => {
  const drawer = document.querySelector('cart-drawer');
  if (!drawer) return;
  const link = document.querySelector('.cart-link');
  const inner = () => drawer.querySelector('.drawer__inner');
  const send = (target, name, more) =>
    target.dispatchEvent(Object.assign(new Event(`shopify:${name}`, { bubbles: true }), more));
  const open = () => {
    drawer.classList.add('active');
    document.body.classList.add('locked');
    inner().focus();
    send(drawer, 'cart:view', { context: 'dialog' });
  };
  const close = () => {
    if (!drawer.classList.contains('active')) return;
    drawer.classList.remove('active');
    document.body.classList.remove('locked');
    link.focus();
  };
  // Shopify's Section Rendering API: the drawer's contents take the place of what was there.
  const render = async () => {
    const answer = await fetch(`${drawer.dataset.cart}?section_id=cart-drawer`);
    const made = new DOMParser().parseFromString(await answer.text(), 'text/html');
    inner().innerHTML = made.querySelector('.drawer__inner').innerHTML;
    document.querySelector('.cart-count').textContent = made.querySelector('cart-drawer').dataset.count;
  };
  const change = (target, action, address, body) => {
    const promise = fetch(address, { method: 'POST', body }).then((answer) => answer.json());
    send(target, 'cart:lines-update', { action, context: 'product', promise });
    return promise.then(render).then(open);
  };
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (event.submitter?.value === 'checkout') return;
    if (/\/cart\/add$/.test(form.action)) {
      event.preventDefault();
      change(form, 'add', `${form.action}.js`, new URLSearchParams(new FormData(form)));
    } else if (drawer.contains(form) && /\/cart\/change$/.test(form.action)) {
      event.preventDefault();
      const body = new URLSearchParams(new FormData(form, event.submitter));
      change(drawer, 'update', `${form.action}.js`, body);
    }
  });
  document.addEventListener('click', (event) => {
    if (event.target.closest('.cart-link') && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      open();
    }
    if (event.target.closest('[data-close]')) close();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    close();
    for (const menu of document.querySelectorAll('header details[open]')) menu.open = false;
  });
})();
