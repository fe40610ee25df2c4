import type { DescMethod } from '@bufbuild/protobuf';
import { createGrpcShots } from './grpc.ts';
import { consoleShot, pageShot } from './pages.ts';
import { createRandom } from '../../load/random.ts';
import type { FuzzTarget, Outcome, Shot, Surface } from './target.ts';
import { webhookShot } from './webhooks.ts';

export interface Round {
  /** How often what was answered where: `webhooks 200`. */
  readonly counts: ReadonlyMap<string, number>;
  /** Forbidden answers, with the message that caused them. */
  readonly faults: readonly string[];
}

const atOnce = 8;
const surfaces: readonly Surface[] = [
  'webhooks',
  'webhooks',
  'webhooks',
  'grpc',
  'grpc',
  'grpc',
  'dashboard',
  'dashboard',
  'console',
];

/** Sends random messages of all kinds to the running product, determined by seed and count, and counts the answers. */
export async function playRound(
  target: FuzzTarget,
  methods: readonly DescMethod[],
  { count, seed }: { readonly count: number; readonly seed: number },
): Promise<Round> {
  const random = createRandom(seed);
  const grpc = createGrpcShots(target, methods);
  const counts = new Map<string, number>();
  const faults: string[] = [];
  let left = count;
  const next = (): Shot => {
    const surface = random.pick(surfaces);
    if (surface === 'webhooks') return webhookShot(random, target);
    if (surface === 'grpc') return grpc.shot(random);
    return surface === 'console' ? consoleShot(random, target) : pageShot(random, target);
  };
  const late: Shot[] = [];
  const sendOne = async (shot: Shot, isAgain: boolean) => {
    const outcome: Outcome = await shot.send().catch((error: unknown) => ({
      status: 'no answer',
      fault: error instanceof Error ? `${error.message} ${String(error.cause)}` : String(error),
    }));
    const name = `${shot.surface} ${outcome.status}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (outcome.isLate === true && !isAgain) late.push(shot);
    else if (outcome.fault !== undefined)
      faults.push(`${shot.surface} ${outcome.fault}\n    ${shot.what}`);
  };
  const sendOn = async () => {
    while (left > 0) {
      left -= 1;
      await sendOne(next(), false);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, sendOn));
    for (const shot of late) await sendOne(shot, true);
  } finally {
    grpc.close();
  }
  return { counts: new Map([...counts].sort(([a], [b]) => a.localeCompare(b))), faults };
}
