import type { SimulateProgramResponse } from '#proto/points/v1/simulator.ts';
import { eventStream, eventText } from '../../dashboard/event-stream.server.ts';
import {
  problemOf,
  refused,
  type MerchantRequest,
} from '../../dashboard/merchant-request.server.ts';
import type { Refusal } from '../../dashboard/refusal.ts';
import { drainSignal } from '../../lifecycle.server.ts';
import { parseProgramForm } from './program.schema.ts';
import type { TrialAnswer, TrialProgress } from './trial.ts';

/** Far longer than a large shop needs. */
const deadlineMs = 60_000;
const months = 12;

/**
 * What the rules in the form would have given for the orders of the last year: how far it has come, as events, and in
 * the last one the result. Nothing is saved. A browser that goes away ends the replay.
 */
export async function tryProgram(
  merchant: MerchantRequest,
  form: FormData,
): Promise<Response | Refusal> {
  const parsed = parseProgramForm(form);
  if ('fields' in parsed) return refused(merchant, parsed.fields);
  const request = {
    program: parsed.program,
    months,
    includeHistory: form.get('history') === 'true',
  };
  const signal = AbortSignal.any([merchant.request.signal, drainSignal()]);
  const steps = merchant.core.points.simulateProgram(request, { deadline: deadlineMs, signal });
  const iterator = steps[Symbol.asyncIterator]();
  // What core refuses is still an answer with a status of its own.
  const first = await iterator.next();
  return eventStream(merchant.request, eventsOf(merchant, first, iterator, signal));
}

async function* eventsOf(
  { requestId }: MerchantRequest,
  first: IteratorResult<SimulateProgramResponse>,
  iterator: AsyncIterator<SimulateProgramResponse>,
  signal: AbortSignal,
): AsyncGenerator<string, undefined> {
  try {
    for (let step = first; step.done !== true; step = await iterator.next()) {
      const { simulation, ordersDone: done, ordersTotal: total } = step.value;
      if (simulation) yield eventText({ ok: true, simulation } satisfies TrialAnswer);
      else yield eventText({ done, total } satisfies TrialProgress, 'progress');
    }
  } catch (error) {
    if (signal.aborted) return undefined;
    const problem = problemOf(error, requestId);
    yield eventText({ ok: false, problem, fields: {} } satisfies TrialAnswer);
  } finally {
    await iterator.return?.();
  }
  return undefined;
}
