/** The running product, as its callers see it. */
export interface FuzzTarget {
  readonly webUrl: string;
  /** Of gRPC. */
  readonly coreAddress: string;
  readonly clientId: string;
  /** Shopify's with us: signs deliveries, proxied requests and session tokens. */
  readonly secret: string;
  readonly coreSigningKey: string;
  /** Whose staff and shoppers call; installed, and with one of everything in it. */
  readonly shop: FuzzShop;
  /** For what ends a tenant. */
  readonly otherMerchantId: string;
  /** A signed-in session of the console. */
  readonly console: { readonly cookie: string; readonly csrf: string };
  /** Whether whole pages can be asked for, and not their data alone. */
  readonly hasPages: boolean;
}

interface FuzzShop {
  readonly merchantId: string;
  readonly shopDomain: string;
  readonly belongings: Readonly<Record<string, string>>;
}

export type Surface = 'webhooks' | 'proxy' | 'extension' | 'dashboard' | 'console' | 'grpc';

/** One message, created beforehand so that it does not depend on response times. */
export interface Shot {
  readonly surface: Surface;
  /** Enough to send it again by hand. */
  readonly what: string;
  readonly send: () => Promise<Outcome>;
}

export interface Outcome {
  readonly status: string;
  /** An answer that no input may cause. */
  readonly fault?: string;
  /** Whether a busy machine may be the cause: it is resent when idle. */
  readonly isLate?: boolean;
}

const answerWithinMs = 60_000;

/** A body beyond what any route takes, whose connection may end before all of it is written. */
const isHuge = ({ body }: RequestInit) =>
  (typeof body === 'string' || body instanceof Uint8Array) && body.length > 60_000;

/** Sends over HTTP; a 5xx is a fault, unless a dependency is really down and the answer has retry-after. */
export async function http(url: string, init: RequestInit): Promise<Outcome> {
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(answerWithinMs),
      ...init,
    });
    const text = await response.text();
    const status = String(response.status);
    const isAway = response.status === 503 && response.headers.has('retry-after');
    return response.status >= 500 && !isAway
      ? {
          status,
          fault: `answered ${status}: ${text.slice(0, 300)}`,
          isLate: response.status === 504,
        }
      : { status };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === 'TimeoutError')
      return { status: 'late', fault: 'gave no answer', isLate: true };
    if (isHuge(init) && /EPIPE|ECONNRESET/.test(String(error.cause))) return { status: 'closed' };
    throw error;
  }
}
