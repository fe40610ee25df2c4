import { describe, expect, it } from 'vitest';
import { faultsOf } from './chaos-verdict.ts';
import type { ChaosFindings } from './chaos-verdict.ts';

const passed: ChaosFindings = {
  minutes: 10,
  kills: { web: 12, worker: 11, core: 12, postgres: 10, pgbouncer: 10, redis: 10 },
  killsInFlight: { web: 12, worker: 10, core: 12, postgres: 10, pgbouncer: 10, redis: 10 },
  failures: { lost: 0, doubled: 0 },
  acknowledged: { orders: 9_000, refunds: 2_000, redemptions: 900, erasures: 200 },
};

describe('a run of chaos', () => {
  it('passes when enough was killed in the middle of work and all is as it was acknowledged', () => {
    expect(faultsOf(passed)).toEqual([]);
  });

  it('fails on one thing lost or doubled', () => {
    expect(faultsOf({ ...passed, failures: { lost: 1, doubled: 0 } })).toEqual(['lost 1']);
  });

  it('fails when one process was mostly killed while idle', () => {
    const killsInFlight = { ...passed.killsInFlight, redis: 9 };
    expect(faultsOf({ ...passed, killsInFlight })).toEqual([
      '9 kills of redis with work in flight, 10 needed',
    ]);
  });

  it('fails when fewer than sixty were killed in ten minutes', () => {
    const kills = { ...passed.kills, web: 6 };
    expect(faultsOf({ ...passed, kills })).toEqual(['59 kills, 60 needed']);
  });

  it('fails when nothing of a kind was asked for', () => {
    const acknowledged = { ...passed.acknowledged, erasures: 0 };
    expect(faultsOf({ ...passed, acknowledged })).toEqual(['no erasures were acknowledged']);
  });

  it('needs fewer kills in a shorter run', () => {
    const few = { web: 3, worker: 3, core: 3, postgres: 3, pgbouncer: 3, redis: 3 };
    expect(faultsOf({ ...passed, minutes: 3, kills: few, killsInFlight: few })).toEqual([]);
  });
});
