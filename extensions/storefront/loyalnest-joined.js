const AMOUNT = '<span data-amount><bdi><b></b> <span></span></bdi></span>';
/** What Liquid rendered for a guest becomes what a member sees. */
export function join(store, surface) {
  const guest = surface.part('guest');
  if (!guest) return;
  for (const name of ['guest', 'own', 'word']) guest.removeAttribute(`data-${name}`);
  guest.innerHTML = guest.matches('.text')
    ? `<p class="title" id="title"></p><p class="amount" aria-live="polite" aria-atomic="true">${AMOUNT}</p><p class="note" data-note></p>`
    : AMOUNT;
  const title = surface.part('amount').closest('.text')?.firstChild;
  if (title) title.textContent = store.word('title');
  surface.part('join')?.remove();
  surface.update();
}
