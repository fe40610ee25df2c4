import type { Surface } from '../content-form.ts';
import type { PreviewWidget } from './preview-document.ts';

/** Answers the widget's requests in the preview, without a server and without saving. */
export interface PreviewShop {
  readonly widget: PreviewWidget;
  readonly branding: object;
  readonly surface: Surface;
  readonly view?: string | undefined;
}

type Frame = Window & typeof globalThis;

const PROXY = '/apps/loyalnest/';
const TIMEOUT_MS = 4_000;

/**
 * Starts the shoppers' script in the rendered page and opens the edited part. Ends once it
 * can be looked at.
 */
export async function bringToLife(frame: Frame, shop: PreviewShop, script: string): Promise<void> {
  setUpFrame(frame, shop);
  await new Promise((resolve, reject) => {
    const element = frame.document.createElement('script');
    Object.assign(element, { src: script, onload: resolve, onerror: reject });
    frame.document.head.append(element);
  });
  if (shop.surface === 'panel') {
    const opener = frame.document
      .querySelector('loyalnest-launcher')
      ?.shadowRoot?.querySelector<HTMLElement>('[data-launcher]');
    if (opener && shop.view !== undefined) opener.dataset['open'] = shop.view;
    opener?.click();
    await until(() => isIdle(frame.document.querySelector('loyalnest-panel')?.shadowRoot));
  }
  if (shop.surface === 'page') {
    const block = frame.document.querySelector('loyalnest-block')?.shadowRoot;
    await until(() => isIdle(block?.querySelector('[data-views]')?.shadowRoot));
  }
}

const isIdle = (root: ShadowRoot | null | undefined): boolean =>
  (root?.querySelector('[aria-busy="false"]') ?? null) !== null;

async function until(holds: () => boolean): Promise<void> {
  const late = Date.now() + TIMEOUT_MS;
  while (!holds()) {
    if (Date.now() > late) throw new Error('the preview did not come up');
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

function setUpFrame(frame: Frame, { widget, branding, surface }: PreviewShop): void {
  const real = frame.fetch.bind(frame);
  frame.fetch = (input, options) => {
    const address = typeof input === 'string' ? input : '';
    if (!address.startsWith(PROXY)) return real(input, options);
    const [path = ''] = address.slice(PROXY.length).split('?');
    return Promise.resolve(Response.json(answerOf(path, widget, branding)));
  };
  frame.navigator.sendBeacon = () => true;
  frame.open = () => null;
  // The preview must not share storage with the dashboard, and in a frame storage may be blocked.
  for (const name of ['localStorage', 'sessionStorage'] as const)
    Object.defineProperty(frame, name, { value: new Memory(), configurable: true });
  // The card after a purchase is for those who come back from the checkout.
  Object.defineProperty(frame.document, 'referrer', {
    value:
      surface === 'after' ? 'https://shop.example/checkouts/cn/0123456789abcdef/thank-you' : '',
    configurable: true,
  });
  // As a modal it would take the focus out of the field that is being typed in.
  frame.HTMLDialogElement.prototype.showModal = function showBeside(this: HTMLDialogElement) {
    this.setAttribute('open', '');
  };
  frame.addEventListener(
    'click',
    (event) => {
      if (event.composedPath().some((node) => (node as Element).localName === 'a'))
        event.preventDefault();
    },
    true,
  );
  frame.addEventListener('submit', (event) => event.preventDefault(), true);
}

class Memory {
  readonly #kept = new Map<string, string>();
  getItem(key: string): string | null {
    return this.#kept.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.#kept.set(key, value);
  }
}

/** The shop's own data; redeeming and claiming succeed without any effect. */
function answerOf(path: string, widget: PreviewWidget, branding: object): object {
  const now = new Date().toISOString();
  const recent = widget.recent.map((entry) => ({ ...entry, at: now }));
  if (path === 'history') return { entries: recent, next_cursor: null };
  if (path === 'claim')
    return { granted: 0, status: 'recorded', balance: widget.customer?.balance ?? 0 };
  if (path.startsWith('redeem'))
    return {
      redemption: {
        id: 'preview',
        kind: 'custom',
        title: '',
        status: 'completed',
        code: 'LN-PREVIEW',
        points_spent: 0,
        used: false,
        returnable: false,
        at: now,
      },
    };
  return { ...widget, recent, branding };
}
