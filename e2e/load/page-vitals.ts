import type { Browser, BrowserContext, FrameLocator, Page } from '@playwright/test';
import { slowdown, slowLine } from './slow-phone.ts';

/** What a page of the dashboard is like on a slow phone: when it shows what matters, what jumps, how soon it answers. */
export interface Vitals {
  readonly lcpMs: number;
  /** Of the document's first byte, of which the rest is a part. */
  readonly ttfbMs: number;
  readonly fcpMs: number;
  readonly cls: number;
  /** The slowest of the visit's interactions. */
  readonly inpMs: number;
  readonly bytes: number;
  /** What was painted largest, what was slowest to answer (waited, worked, painted) and what jumped most. */
  readonly largest: string;
  readonly slowest: string;
  readonly jumped: string;
}

export interface VisitedPage {
  readonly name: string;
  readonly path: string;
  /** Done once the page has settled; each step is one press of a key or button. */
  readonly use: (app: FrameLocator) => Promise<void>;
}

const settleMs = 3_000;

/** The admin's frame in the process of its page: what is throttled there is so in the frame. */
export const oneProcess = [
  '--disable-site-isolation-trials',
  '--disable-features=IsolateOrigins,site-per-process',
];

export interface Where {
  readonly proxy: string;
  /** The app in the shop's admin. */
  readonly admin: string;
  readonly app: string;
  readonly userAgent: string;
}

export async function vitalsOf(
  browser: Browser,
  where: Where,
  { path, use }: VisitedPage,
  screenshot?: string,
): Promise<Vitals> {
  const context = await browser.newContext({
    viewport: { width: 412, height: 823 },
    hasTouch: true,
    isMobile: true,
    ignoreHTTPSErrors: true,
    userAgent: where.userAgent,
    proxy: { server: where.proxy, bypass: '<-loopback>' },
  });
  try {
    const page = await context.newPage();
    await page.addInitScript(observe);
    const bytes = await throttle(context, page);
    await page.goto(`${where.admin}${path}`, { waitUntil: 'load' });
    const app = page.frameLocator('iframe[name="app-iframe"]');
    await app.locator('html[data-hydrated]').waitFor({ state: 'attached', timeout: 60_000 });
    await page.waitForTimeout(settleMs);
    const loaded = bytes();
    if (screenshot !== undefined) await page.screenshot({ path: screenshot });
    const frame = page.frames().find((one) => one.url().startsWith(where.app));
    if (frame === undefined) throw new Error(`the app is not in its frame on ${path}`);
    const seen = () =>
      frame.evaluate(() => (globalThis as unknown as { vitals: Omit<Vitals, 'bytes'> }).vitals);
    // The largest paint of a visit is of the time before anyone touches the page.
    const { lcpMs, largest } = await seen();
    await use(app);
    await page.waitForTimeout(500);
    return { ...(await seen()), lcpMs, largest, bytes: loaded };
  } finally {
    await context.close();
  }
}

async function throttle(context: BrowserContext, page: Page): Promise<() => number> {
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', slowLine);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  return () => bytes;
}

/** Runs in every frame before anything else of it. */
function observe(): void {
  const vitals = {
    lcpMs: 0,
    ttfbMs: 0,
    fcpMs: 0,
    cls: 0,
    inpMs: 0,
    largest: '',
    slowest: '',
    jumped: '',
  };
  let farthest = 0;
  Object.assign(globalThis, { vitals });
  type Entry = PerformanceEntry & {
    value?: number;
    hadRecentInput?: boolean;
    interactionId?: number;
    responseStart?: number;
    element?: Element | null;
    target?: Element | null;
    processingStart?: number;
    processingEnd?: number;
    sources?: readonly { node?: Node | null }[];
  };
  const named = (element: Element | null | undefined) =>
    element
      ? `${element.tagName.toLowerCase()}.${element.className} ${(element.textContent ?? '').slice(0, 40)}`
      : '';
  const watch = (type: string, take: (entry: Entry) => void) =>
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) take(entry);
    }).observe({ type, buffered: true, durationThreshold: 16 } as PerformanceObserverInit);
  watch('navigation', ({ responseStart = 0 }) => (vitals.ttfbMs = responseStart));
  watch('paint', ({ name, startTime }) => {
    if (name === 'first-contentful-paint') vitals.fcpMs = startTime;
  });
  watch('largest-contentful-paint', ({ startTime, element }) => {
    vitals.lcpMs = startTime;
    vitals.largest = named(element);
  });
  // The largest of the windows of at most five seconds whose shifts are less than a second apart.
  let first = 0;
  let last = 0;
  let sum = 0;
  // Chromium tells a frame that shares its page's process of no input: what follows a press is told apart here.
  let touchedAt = -Infinity;
  for (const type of ['pointerup', 'keydown'])
    addEventListener(type, ({ timeStamp }) => (touchedAt = timeStamp), true);
  watch('layout-shift', ({ startTime, value = 0, hadRecentInput, sources = [] }) => {
    if (hadRecentInput || Math.abs(startTime - touchedAt) < 500) return;
    if (value > farthest) {
      farthest = value;
      const moved = sources.map(({ node }) => node).filter((node) => node instanceof Element);
      vitals.jumped = `${value.toFixed(3)} after ${Math.round(startTime)} ms: ${moved.map(named).join(' | ')}`;
    }
    if (startTime - last < 1_000 && startTime - first < 5_000) sum += value;
    else {
      sum = value;
      first = startTime;
    }
    last = startTime;
    vitals.cls = Math.max(vitals.cls, sum);
  });
  watch('event', (entry) => {
    const { duration, interactionId = 0, name, target, startTime } = entry;
    const { processingStart = 0, processingEnd = 0 } = entry;
    if (interactionId === 0 || duration <= vitals.inpMs) return;
    vitals.inpMs = duration;
    const parts = [
      processingStart - startTime,
      processingEnd - processingStart,
      startTime + duration - processingEnd,
    ];
    vitals.slowest = `${name} ${named(target)} (${parts.map((ms) => Math.round(ms)).join(' + ')} ms)`;
  });
}
