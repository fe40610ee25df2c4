import type { WidgetVersion } from '#proto/frontend/v1/widget.ts';
import { Interrupted } from '../../breakers.server.ts';
import { cacheCircuit, firstViews } from '../../cache/cache.server.ts';
import type { FirstView } from '../../cache/first-views.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { log } from '../../log.server.ts';
import type { StorefrontRequest } from '../../shoppers/proxy-request.server.ts';

/** Changes without an event (a name, a birthday) are visible after this at the latest. */
const trustedMs = 60_000;

type Shopper = Pick<StorefrontRequest, 'merchantId' | 'shopifyCustomerId'>;

/** A call of the cache; on any failure core is asked. */
async function orNothing<Value>(call: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await cacheCircuit(call);
  } catch (error) {
    if (!(error instanceof Interrupted))
      log().warn({ err: error }, 'The cache of first views was not reached');
    return undefined;
  }
}

export interface Polled {
  /** Of the view that the browser has and that is still true. */
  readonly etag?: string;
  /** To date the reading by that follows. */
  readonly now: number | undefined;
}

/**
 * Whether a browser's view is still current, without reading it: from the shared cache, else by its
 * version from core. Guests and unknown shoppers are answered from core.
 */
export async function poll(
  asked: StorefrontRequest,
  known: readonly string[],
  locale: string,
): Promise<Polled> {
  const { merchantId, shopifyCustomerId, core } = asked;
  const views = firstViews();
  const customerId =
    shopifyCustomerId === '' ? undefined : await orNothing(() => views.memberOf(asked));
  if (customerId === undefined) return { now: await orNothing(() => views.now()) };
  const member = { merchantId, customerId };
  const found = await orNothing(() => views.look(member));
  const { view, now } = found ?? { view: undefined, now: undefined };
  if (view === undefined || now === undefined) return { now };
  const { etag } = view;
  const isTheirs = view.locale === locale && known.includes(view.etag);
  if (!isTheirs || (view.nextChangeAt !== '' && Date.parse(view.nextChangeAt) <= now))
    return { now };
  if (views.isShared && now - view.asOf < trustedMs) return { now, etag };
  try {
    const { version } = await core.frontend.getWidgetVersion({});
    if (!isSame(view, version)) return { now };
    await orNothing(() => views.keep(member, { ...view, asOf: now }));
    return { now, etag };
  } catch (error) {
    // A view that was current a minute ago is better than nothing.
    if (error instanceof CoreError && error.isTransient) return { now, etag };
    throw error;
  }
}

/** The shopper just acted: the next poll is answered by core. */
export async function outdateView(asked: Shopper): Promise<void> {
  const views = firstViews();
  const customerId = await orNothing(() => views.memberOf(asked));
  if (customerId !== undefined)
    await orNothing(() => views.outdate([{ merchantId: asked.merchantId, customerId }]));
}

const isSame = (view: FirstView, version: WidgetVersion | undefined): boolean =>
  version !== undefined &&
  view.version === version.version &&
  view.tag === version.tag &&
  view.contentVersion === version.contentVersion &&
  view.nextChangeAt === version.nextChangeAt;

/** Keeps what was read for the polls that follow. */
export async function keepView(
  asked: Shopper,
  version: WidgetVersion | undefined,
  read: { readonly etag: string; readonly locale: string; readonly now: number | undefined },
): Promise<void> {
  if (version === undefined || version.customerId === '' || read.now === undefined) return;
  const { customerId, tag, contentVersion, nextChangeAt, balance } = version;
  const { etag, locale, now } = read;
  const views = firstViews();
  await orNothing(() => views.name(asked, customerId));
  await orNothing(() =>
    views.keep(
      { merchantId: asked.merchantId, customerId },
      {
        version: version.version,
        balance,
        tag,
        contentVersion,
        nextChangeAt,
        etag,
        locale,
        asOf: now,
      },
    ),
  );
}
