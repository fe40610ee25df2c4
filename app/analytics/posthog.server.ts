import { PostHog } from 'posthog-node';
import { env } from '../env.server.ts';
import { onShutdown } from '../lifecycle.server.ts';
import { countProviderError } from '../metrics.server.ts';

export interface AnalyticsEvent {
  /** Events belong to the shop: no shopper is ever identified. */
  readonly merchantId: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, string | number | boolean>>;
  /** The same event sent twice counts once. */
  readonly id?: string;
}

export interface Analytics {
  capture(event: AnalyticsEvent): void;
}

const silent: Analytics = { capture: () => undefined };
/** What is still unsent is worth no more: a process has twenty seconds to end. */
const farewellMs = 3_000;
let opened: Analytics | undefined;

/** Product analytics; without a key nothing leaves the process. */
export function analytics(): Analytics {
  opened ??= openAnalytics(env().POSTHOG_KEY, env().POSTHOG_HOST);
  return opened;
}

function openAnalytics(key: string | undefined, host: string): Analytics {
  if (key === undefined) return silent;
  const client = new PostHog(key, { host, disableGeoip: true });
  client.on('error', () => countProviderError('posthog', 'unavailable'));
  onShutdown(() => client.shutdown(farewellMs));
  return {
    capture({ merchantId, name, properties, id }) {
      client.capture({
        distinctId: merchantId,
        event: name,
        properties: { ...properties, $process_person_profile: false },
        ...(id === undefined ? {} : { uuid: id }),
      });
    },
  };
}
