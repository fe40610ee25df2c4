import type { Browser } from '@playwright/test';
import type { Emulator } from '../shopify/emulator.ts';
import { pageScore } from './page-score.ts';
import type { Observed } from './page-score.ts';
import { median, rounded } from './statistics.ts';
import { slowdown, slowLine } from './slow-phone.ts';

/** What the widget costs a page on a slow phone: the same pages with and without it, alternately. */

const rounds = 7;
/** All blocking and layout shift has happened by then. */
const settleMs = 1_200;
/** The pages that Shopify judges storefront apps by, and their weights. */
const pages = { '/': 17, '/products/gift-box': 40, '/collections/all': 43 };

interface Visited extends Observed {
  readonly bytes: number;
}

export interface PageSpeed {
  /** Points of the score that the widget takes, weighed over the pages. */
  readonly loss: number;
  readonly pages: Readonly<Record<string, { with: Summary; without: Summary }>>;
}
interface Summary {
  readonly score: number;
  readonly largest_paint_ms: number;
  readonly blocking_ms: number;
  readonly shift: number;
  readonly bytes: number;
}

export async function pageSpeed(browser: Browser, emulator: Emulator): Promise<PageSpeed> {
  const summaries: Record<string, { with: Summary; without: Summary }> = {};
  let loss = 0;
  for (const [path, weight] of Object.entries(pages)) {
    const visits: Record<'with' | 'without', Visited[]> = { with: [], without: [] };
    // The first of each warms the server up.
    for (let round = 0; round <= rounds; round++) {
      for (const variant of round % 2 === 0
        ? (['with', 'without'] as const)
        : (['without', 'with'] as const)) {
        const isOn = variant === 'with';
        await emulator.control('theme', { embed: isOn, block: isOn });
        const visited = await visit(browser, emulator.storeUrl + path);
        if (round > 0) visits[variant].push(visited);
      }
    }
    const summary = { with: summaryOf(visits.with), without: summaryOf(visits.without) };
    summaries[path] = summary;
    loss += (weight / 100) * (summary.without.score - summary.with.score);
  }
  await emulator.control('theme', { embed: true, block: true });
  return { loss: rounded(loss), pages: summaries };
}

function summaryOf(visits: readonly Visited[]): Summary {
  const of = (value: (visited: Visited) => number) => rounded(median(visits.map(value)));
  return {
    score: of(pageScore),
    largest_paint_ms: of(({ largestPaint }) => largestPaint),
    blocking_ms: of(({ blocking }) => blocking),
    shift: of(({ shift }) => shift),
    bytes: of(({ bytes }) => bytes),
  };
}

async function visit(browser: Browser, address: string): Promise<Visited> {
  const context = await browser.newContext({ viewport: { width: 412, height: 823 } });
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', slowLine);
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    let bytes = 0;
    session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    await page.addInitScript(observe);
    await page.goto(address, { waitUntil: 'load' });
    await page.waitForTimeout(settleMs);
    const observed = await page.evaluate(
      () => (globalThis as unknown as { observed: Observed }).observed,
    );
    return { ...observed, bytes };
  } finally {
    await context.close();
  }
}

/** Runs in the page before anything else of it. */
function observe(): void {
  const observed = { firstPaint: 0, largestPaint: 0, blocking: 0, shift: 0 };
  Object.assign(globalThis, { observed });
  const watch = (type: string, take: (entry: PerformanceEntry & Record<string, number>) => void) =>
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        take(entry as PerformanceEntry & Record<string, number>);
    }).observe({ type, buffered: true });
  watch('paint', ({ name, startTime }) => {
    if (name === 'first-contentful-paint') observed.firstPaint = startTime;
  });
  watch('largest-contentful-paint', ({ startTime }) => {
    observed.largestPaint = startTime;
  });
  watch('longtask', ({ duration }) => {
    observed.blocking += Math.max(0, duration - 50);
  });
  watch('layout-shift', ({ value = 0, hadRecentInput }) => {
    if (!hadRecentInput) observed.shift += value;
  });
}
