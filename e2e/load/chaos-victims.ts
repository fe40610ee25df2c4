import { setTimeout as pause } from 'node:timers/promises';
import type { BenchDatabase } from './bench-database.ts';
import type { Traffic } from './chaos-traffic.ts';
import { killsInAll, killsOfEach } from './chaos-verdict.ts';
import { stopAtEnd } from './cleanup.ts';
import type { Random } from './random.ts';
import { interruptedBy, untilBusy } from './work-in-flight.ts';
import type { InFlight } from './work-in-flight.ts';

/** Something that can be killed and comes back. */
export interface Victim {
  readonly name: string;
  kill(): Promise<void>;
  revive(): Promise<void>;
}

interface Startable {
  readonly port: number;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** A program beside the product; after a kill it restarts on its port. */
export function beside<Program extends Startable>(
  name: string,
  first: Program,
  start: (port: number) => Promise<Program | undefined>,
): Victim & { stop(): Promise<void> } {
  let running = first;
  return {
    name,
    kill: () => running.kill(),
    async revive() {
      const next = await start(first.port);
      if (next === undefined) throw new Error(`${name} is missing`);
      running = next;
    },
    stop: stopAtEnd(() => running.stop()),
  };
}

const flows = ['orders', 'refunds', 'redemptions', 'privacy'] as const;

export interface Kills {
  readonly of: Record<string, number>;
  /** Those that interrupted work. */
  readonly inFlight: Record<string, number>;
  /** By what flowed: kills while some of it was under way. */
  readonly during: Record<(typeof flows)[number], number>;
  /** How often a second was killed while the first was away. */
  pairs: number;
}

interface Scene {
  readonly victims: readonly Victim[];
  readonly database: BenchDatabase;
  readonly redisUrl: string | undefined;
  readonly traffic: Traffic;
  readonly random: Random;
  readonly minutes: number;
  readonly say: (line: string) => void;
}

/** Some kills come in pairs: what survives one loss may not survive two. */
const pairsAmongKills = 0.15;
/** A machine that is too slow for the kills that are needed ends the run all the same. */
const longestFactor = 2;

/** Kills at random until the time is over and each was killed often enough; a killed one is back before the next. */
export async function killAtRandom(scene: Scene): Promise<Kills> {
  const { victims, traffic, random, minutes, say } = scene;
  const started = Date.now();
  const elapsedMinutes = () => (Date.now() - started) / 60_000;
  const zeros = () => Object.fromEntries(victims.map(({ name }) => [name, 0]));
  const kills: Kills = {
    of: zeros(),
    inFlight: zeros(),
    during: { orders: 0, refunds: 0, redemptions: 0, privacy: 0 },
    pairs: 0,
  };
  const isBehind = ({ name }: Victim) => (kills.inFlight[name] ?? 0) < killsOfEach(minutes);
  const killed = () => Object.values(kills.of).reduce((sum, count) => sum + count, 0);
  const isOver = () =>
    elapsedMinutes() >= minutes &&
    (elapsedMinutes() >= minutes * longestFactor ||
      (killed() >= killsInAll(minutes) && !victims.some(isBehind)));
  let said = 0;
  while (!isOver()) {
    await pause(300 + random.below(1_200));
    // After the time only those are killed that have not been often enough.
    const candidates = elapsedMinutes() < minutes ? victims : victims.filter(isBehind);
    const first = random.pick(candidates.length > 0 ? candidates : victims);
    const others = victims.filter((one) => one !== first);
    const second = random.chance(pairsAmongKills) ? random.pick(others) : undefined;
    await killOne(first, scene, kills);
    await pause(random.below(500));
    if (second !== undefined) {
      await killOne(second, scene, kills);
      kills.pairs += 1;
    }
    // What others need comes first.
    for (const victim of victims) if (victim === first || victim === second) await victim.revive();
    if (killed() - said >= 6) {
      said = killed();
      const { orders, refunds, redemptions, leavers } = traffic.acknowledged;
      say(
        `${elapsedMinutes().toFixed(1)} min: ${killed()} kills; acknowledged ${orders.size} orders, ${refunds.size} refunds, ` +
          `${redemptions.size} redemptions, ${leavers.length} erasures; ${traffic.waiting()} waiting`,
      );
    }
  }
  return kills;
}

async function killOne(victim: Victim, scene: Scene, kills: Kills): Promise<void> {
  const busy = await busyNow(victim, scene);
  await victim.kill();
  kills.of[victim.name] = (kills.of[victim.name] ?? 0) + 1;
  if (busy === undefined) return;
  if ((interruptedBy[victim.name]?.(busy) ?? 0) > 0)
    kills.inFlight[victim.name] = (kills.inFlight[victim.name] ?? 0) + 1;
  for (const flow of flows) if (busy[flow] > 0) kills.during[flow] += 1;
}

/** Undefined when the database or the queue is away, so that it cannot be said. */
function busyNow({ name }: Victim, scene: Scene): Promise<InFlight | undefined> {
  return untilBusy(name, scene.database, scene.redisUrl, scene.traffic).catch(() => undefined);
}
