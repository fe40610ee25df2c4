import { createClient } from 'nice-grpc';
import { HealthDefinition } from 'nice-grpc-server-health';
import { openCoreChannels } from '#app/core-client/channels.server.ts';
import { coreServices } from '#app/core-client/core-address.ts';
import type { CoreService } from '#app/core-client/core-address.ts';
import { load } from './statistics.ts';

/** Empty calls from a process of its own, over the connections that web and worker use. */
export interface CallTask {
  readonly target: string;
  readonly callers: number;
  readonly milliseconds: number;
}

const clients = new Map<string, ReturnType<typeof open>>();

function open(target: string) {
  const targets = Object.fromEntries(coreServices.map((service) => [service, target])) as Record<
    CoreService,
    string
  >;
  return createClient(HealthDefinition, openCoreChannels({ targets, tls: false }).of('admin'));
}

process.on('message', (task: CallTask) => {
  const client = clients.get(task.target) ?? open(task.target);
  clients.set(task.target, client);
  void load(task.callers, task.milliseconds, () => client.check({ service: '' })).then(
    ({ perSecond }) => process.send?.(perSecond),
  );
});
process.on('disconnect', () => process.exit(0));
