import type { Simulation } from '#proto/points/v1/simulator.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import type { Refusal } from '../../dashboard/refusal.ts';
import { parseProgramForm } from './program.schema.ts';

/** Far above what a large shop takes. */
const deadlineMs = 60_000;
const months = 12;

/** What the rules in the form would have given for the orders of the last year. Nothing is saved. */
export async function tryProgram(
  merchant: MerchantRequest,
  form: FormData,
): Promise<{ ok: true; simulation: Simulation } | Refusal> {
  const parsed = parseProgramForm(form);
  if ('fields' in parsed) return refused(merchant, parsed.fields);
  const request = {
    program: parsed.program,
    months,
    includeHistory: form.get('history') === 'true',
  };
  let simulation: Simulation | undefined;
  for await (const step of merchant.core.points.simulateProgram(request, { deadline: deadlineMs }))
    simulation = step.simulation ?? simulation;
  if (simulation === undefined) throw new CoreError('unavailable');
  return { ok: true, simulation };
}
