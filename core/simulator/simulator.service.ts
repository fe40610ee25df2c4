import type { PoolClient } from 'pg';
import type { SimulateProgramRequest } from '#proto/points/v1/points.ts';
import type { Simulation } from '#proto/points/v1/simulator.ts';
import { readNames } from '../members/customers.store.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { invalidInput } from '../shared/errors.ts';
import { isActionName } from '../program/earning.rules.ts';
import type { PointsMethods } from '../call/methods.ts';
import { formatAmount } from '../shared/money.rules.ts';
import { programFromMessage, type Program } from '../program/program.rules.ts';
import { readProgram, requireTiers } from '../program/program.store.ts';
import { replayPast } from './replay-past.ts';
import { SimulationSums, worthOf, type MemberSums } from './simulator.rules.ts';
import {
  readOtherAwards,
  readOutstanding,
  readPeriod,
  readPointsValue,
  type Period,
} from './simulator.store.ts';

const defaultMonths = 12;
const topMembers = 10;

/** Trying rules before they are saved. It reads and computes; nothing is written. */
export function simulatorMethods(deps: CoreDependencies): PointsMethods<'simulateProgram'> {
  const { pool } = deps;
  return {
    async *simulateProgram(request, context) {
      const merchantId = tenantOf(context);
      const trial = await withTenant(pool, merchantId, (client) =>
        readTrial(client, merchantId, request, deps.clock()),
      );
      const { draft, current, period } = trial;
      const sums = new SimulationSums();
      const steps = replayPast(
        pool,
        merchantId,
        { period, draft, current, includeHistory: request.includeHistory },
        sums,
      );
      for await (const _page of steps) {
        // The caller has gone: the rest is not read.
        if (context.signal.aborted) return;
        yield { ordersDone: sums.orders, ordersTotal: period.orders, simulation: undefined };
      }
      const rest = await withTenant(pool, merchantId, (client) =>
        readRest(client, deps, merchantId, period, sums),
      );
      const simulation = toSimulation(trial, sums, rest);
      yield { ordersDone: sums.orders, ordersTotal: sums.orders, simulation };
    },
  };
}

interface Trial {
  readonly current: Program;
  readonly draft: Program;
  readonly currency: string;
  readonly period: Awaited<ReturnType<typeof readPeriod>>;
}

/** What is tried, against what, over which time. @throws DomainError invalid_input naming the field of the draft */
async function readTrial(
  client: PoolClient,
  merchantId: string,
  request: SimulateProgramRequest,
  now: Date,
): Promise<Trial> {
  const { program: current, currency } = await readProgram(client, merchantId);
  if (request.program === undefined) throw invalidInput('program', 'is missing');
  const draft = programFromMessage(request.program, current, now);
  if ('field' in draft) throw invalidInput(draft.field, draft.message);
  await requireTiers(client, merchantId, draft);
  const period = await readPeriod(client, merchantId, request.months || defaultMonths, now);
  return { current, draft, currency, period };
}

/** What a simulation reports besides the orders' sums. */
async function readRest(
  client: PoolClient,
  { encryption }: CoreDependencies,
  merchantId: string,
  period: Period,
  sums: SimulationSums,
) {
  const gaining = sums.moved(1, topMembers);
  const losing = sums.moved(-1, topMembers);
  const ids = [...gaining.top, ...losing.top].map(({ customerId }) => customerId);
  return {
    gaining,
    losing,
    others: await readOtherAwards(client, merchantId, period),
    value: await readPointsValue(client, merchantId),
    outstanding: await readOutstanding(client, merchantId),
    names: await readNames(client, encryption, merchantId, ids),
  };
}

function toSimulation(
  { draft, currency }: Trial,
  sums: SimulationSums,
  rest: Awaited<ReturnType<typeof readRest>>,
): Simulation {
  const parts = [
    { source: 'order', times: sums.orders, recorded: sums.recorded, simulated: sums.simulated },
    ...rest.others.map(({ source, times, points }) => ({
      source,
      times,
      recorded: points,
      simulated: times * pointsOf(draft, source),
    })),
  ];
  const total = (of: 'recorded' | 'simulated') => parts.reduce((sum, part) => sum + part[of], 0);
  const [recorded, simulated] = [total('recorded'), total('simulated')];
  const { cost, amount, isAssumed } = rest.value;
  const money = (points: number) => formatAmount(worthOf(points, cost, amount));
  const named = (member: MemberSums) => ({
    ...member,
    firstName: rest.names.get(member.customerId)?.firstName ?? '',
    lastName: rest.names.get(member.customerId)?.lastName ?? '',
  });
  return {
    months: [...sums.months]
      .map(([month, one]) => ({ month, ...one }))
      .sort((a, b) => (a.month < b.month ? -1 : 1)),
    parts,
    recorded,
    simulated,
    value: { pointsCost: cost, amount: formatAmount(amount), assumed: isAssumed },
    recordedCost: money(recorded),
    simulatedCost: money(simulated),
    outstanding: rest.outstanding,
    simulatedOutstanding: Math.max(0, rest.outstanding + simulated - recorded),
    liabilityChange: money(simulated - recorded),
    membersGaining: rest.gaining.count,
    membersLosing: rest.losing.count,
    membersSame: sums.members.size - rest.gaining.count - rest.losing.count,
    gaining: rest.gaining.top.map(named),
    losing: rest.losing.top.map(named),
    orders: sums.orders,
    currency,
  };
}

/** What one thing other than an order gives by these rules. */
function pointsOf(program: Program, source: string): number {
  if (!program.isActive) return 0;
  if (source === 'signup') return program.isSignupEnabled ? program.signupPoints : 0;
  if (!isActionName(source)) return 0;
  const rule = program.earning.actions[source];
  return rule.isEnabled ? rule.points : 0;
}
