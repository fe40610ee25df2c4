import { changes } from './loyalnest-points.js';
const DRAWER = 'dialog,[role="dialog"],[class*="drawer" i],[id*="drawer" i]';
/** Drawers take no app blocks: the cart's points are put above their button to the checkout. */
export function fill(launcher) {
  if (launcher.filled === launcher.gone) return;
  launcher.filled = launcher.gone;
  const { shadowRoot: shadow } = launcher;
  const watched = new WeakSet();
  // The page's own figures hold only for what stands in it from the start.
  let late = '';
  const watch = new MutationObserver(() => place());
  const place = () => {
    for (const button of document.querySelectorAll('[name="checkout"]')) {
      const drawer = button.closest(DRAWER);
      if (!drawer) continue;
      if (!watched.has(drawer)) {
        watched.add(drawer);
        watch.observe(drawer, { childList: true, subtree: true });
      }
      if (drawer.querySelector('loyalnest-block')) continue;
      const block = document.createElement('loyalnest-block');
      Object.assign(block.dataset, { module: 'points', facts: launcher.dataset.facts, late });
      block
        .attachShadow({ mode: 'open' })
        .append(
          shadow.querySelector('style').cloneNode(true),
          launcher.part('drawer').content.cloneNode(true),
        );
      (button.parentElement.matches('form') ? button : button.parentElement).before(block);
    }
  };
  // Some themes make their drawer when it is opened.
  launcher.on(document, 'click', () => setTimeout(place, 500));
  changes(launcher, place);
  launcher.gone.signal.addEventListener('abort', () => watch.disconnect());
  place();
  late = 'late';
}
