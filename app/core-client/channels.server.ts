import { readFileSync } from 'node:fs';
import { ChannelCredentials, createChannel } from 'nice-grpc';
import type { Channel } from 'nice-grpc';
import { coreServices } from './core-address.ts';
import type { CoreService } from './core-address.ts';

export interface CoreAddresses {
  /** gRPC's target of each service; services behind one address share its connections. */
  readonly targets: Readonly<Record<CoreService, string>>;
  readonly tls: boolean;
  /** A file of the authorities that vouch for core; without it, those that Node.js trusts. */
  readonly authorities?: string | undefined;
}

/** Calls go to every core in turn: one process holds a connection to each of them. */
const inTurn = JSON.stringify({
  loadBalancingConfig: [{ round_robin: {} }],
});

const options = {
  'grpc.service_config': inTurn,
  // A name's answer may carry a configuration of its own, which no one here has written.
  'grpc.service_config_disable_resolution': 1,
  // Core restarts in seconds; the library's own backoff grows to two minutes.
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 2_000,
  // A name is asked for again whenever a connection ends, and core ends each after some minutes: new cores are found.
  'grpc.dns_min_time_between_resolutions_ms': 1_000,
  // A connection whose other end vanished without a word is noticed within seconds.
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.keepalive_permit_without_calls': 1,
  // The library repeats what it has provably not sent, and nothing else; the proto says what may be sent twice.
  'grpc.enable_retries': 1,
  'grpc.max_receive_message_length': 32 * 1024 * 1024,
  'grpc.max_send_message_length': 32 * 1024 * 1024,
};

export interface CoreChannels {
  of(service: CoreService): Channel;
  /** One for each address. */
  readonly all: readonly Channel[];
  close(): void;
}

/** Opens one channel to each address; it connects with the first call. */
export function openCoreChannels({ targets, tls, authorities }: CoreAddresses): CoreChannels {
  const credentials = tls
    ? ChannelCredentials.createSsl(
        authorities === undefined ? null : readFileSync(authorities),
        null,
        null,
      )
    : ChannelCredentials.createInsecure();
  const byTarget = new Map<string, Channel>();
  const byService = {} as Record<CoreService, Channel>;
  for (const service of coreServices) {
    const target = targets[service];
    const channel = byTarget.get(target) ?? createChannel(target, credentials, options);
    byTarget.set(target, channel);
    byService[service] = channel;
  }
  const all = [...byTarget.values()];
  return {
    of: (service) => byService[service],
    all,
    close: () => {
      for (const channel of all) channel.close();
    },
  };
}
