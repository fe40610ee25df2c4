import { useEffect, useRef, type ReactNode } from 'react';

const FOCUSABLE = 'a[href], button, input, select, textarea, [tabindex="0"]';

/**
 * Keeps the keyboard focus. A pressed button may be disabled while its action runs, or be removed by it
 * together with its row: the browser then starts again at the top of the page. A re-enabled element regains the
 * focus; after a removal, the element that takes its place gets it.
 */
export function KeepFocus({ children }: { children: ReactNode }) {
  const area = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const container = area.current;
    if (container === null) return;
    let last: { element: HTMLElement; place: number } | undefined;
    const reachable = () =>
      [...container.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((one) => !isDisabled(one));
    const remember = ({ target }: FocusEvent) => {
      if (target instanceof HTMLElement)
        last = { element: target, place: Math.max(0, reachable().indexOf(target)) };
    };
    const forget = ({ target, relatedTarget }: FocusEvent) => {
      // The user moved the focus, e.g. by a click elsewhere; the element did not disappear.
      if (relatedTarget === null && target instanceof HTMLElement && !isDisabled(target))
        queueMicrotask(() => {
          if (target.isConnected && !isDisabled(target)) last = undefined;
        });
    };
    const restore = () => {
      if (last === undefined || isHeld()) return;
      const { element, place } = last;
      if (element.isConnected && isDisabled(element)) return;
      const now = reachable();
      (element.isConnected ? element : (now[place] ?? now.at(-1)))?.focus();
    };
    const observer = new MutationObserver(restore);
    observer.observe(container, { childList: true, subtree: true, attributeFilter: ['disabled'] });
    container.addEventListener('focusin', remember);
    container.addEventListener('focusout', forget);
    return () => {
      observer.disconnect();
      container.removeEventListener('focusin', remember);
      container.removeEventListener('focusout', forget);
    };
  }, []);
  return <div ref={area}>{children}</div>;
}

const isDisabled = (element: Element): boolean => element.matches(':disabled');

/** Something has the focus, in the page or in a dialog above it. */
const isHeld = (): boolean =>
  document.activeElement !== null &&
  document.activeElement !== document.body &&
  !isDisabled(document.activeElement);
