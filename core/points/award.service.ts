import type { Award, AwardResult, AwardStreamRequest } from '#proto/points/v1/points.ts';
import { tenantOf, type CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { PointsMethods } from '../call/methods.ts';
import type { AwardItem } from '../ledger/index.ts';
import { DomainError, invalidInput, notFound } from '../shared/errors.ts';
import { AnswerQueue } from './answer-queue.ts';
import { awardItem, awardResult, refusedAward } from './award-messages.ts';
import { awardProblem, MAX_AWARDS } from './requests.ts';

/** Awards of a stream that wait for their commit at once; beyond it the caller is slowed down. */
const STREAM_WINDOW = 512;

type Dependencies = Pick<CoreDependencies, 'ledger' | 'clock'>;

/** Points given by staff or by other software, in lists and in streams. */
export function awardMethods(
  deps: Dependencies,
): PointsMethods<'earnPoints' | 'awardMany' | 'awardStream' | 'importPoints'> {
  const { ledger, clock } = deps;
  return {
    async earnPoints(request, context) {
      const award = request.award;
      const problem = awardProblem(award);
      if (!award || problem)
        throw invalidInput(`award.${problem?.field ?? ''}`, problem?.message ?? 'is missing');
      const outcome = await ledger.awardOne(
        awardItem(tenantOf(context), context.caller.actor, award, clock()),
      );
      if (outcome.status === 'conflict')
        throw new DomainError('idempotency_conflict', { field: 'award.idempotency_key' });
      if (outcome.status === 'unknown_customer') throw notFound('award.customer_id');
      return { result: awardResult(outcome) };
    },

    awardMany: async (request, context) => ({
      results: await awardEach(deps, context, request.awards),
    }),

    importPoints: async (request, context) => ({
      results: await awardEach(
        deps,
        context,
        request.awards.map((award) => ({
          ...award,
          type: 'import',
          source: award.source || 'import',
        })),
      ),
    }),

    async *awardStream(requests, context) {
      const answers = new AnswerQueue<{ reference: number; result: AwardResult }>(STREAM_WINDOW);
      readStream(deps, context, requests, answers).then(
        () => answers.end(),
        (error: unknown) => answers.fail(error),
      );
      yield* answers;
    },
  };
}

/** @returns a result for each award: refused ones beside those that were written. */
async function awardEach(
  { ledger, clock }: Dependencies,
  context: CallerContext,
  awards: readonly Award[],
): Promise<AwardResult[]> {
  if (awards.length > MAX_AWARDS)
    throw invalidInput('awards', `must have at most ${MAX_AWARDS} items`);
  const results = new Array<AwardResult>(awards.length);
  const items: AwardItem[] = [];
  const positions: number[] = [];
  for (const [index, award] of awards.entries()) {
    const problem = awardProblem(award);
    if (problem) results[index] = refusedAward('invalid_input', problem.field, problem.message);
    else {
      items.push(awardItem(tenantOf(context), context.caller.actor, award, clock()));
      positions.push(index);
    }
  }
  const outcomes = await ledger.award(items);
  for (const [nth, outcome] of outcomes.entries())
    results[positions[nth] as number] = awardResult(outcome);
  return results;
}

async function readStream(
  { ledger, clock }: Dependencies,
  context: CallerContext,
  requests: AsyncIterable<AwardStreamRequest>,
  answers: AnswerQueue<{ reference: number; result: AwardResult }>,
): Promise<void> {
  const merchantId = tenantOf(context);
  for await (const { reference, award } of requests) {
    await answers.room();
    const problem = awardProblem(award);
    if (!award || problem) {
      const field = `award.${problem?.field ?? ''}`;
      const result = refusedAward('invalid_input', field, problem?.message ?? '');
      answers.add(Promise.resolve({ reference, result }));
      continue;
    }
    answers.add(
      ledger
        .awardOne(awardItem(merchantId, context.caller.actor, award, clock()))
        .then((outcome) => ({ reference, result: awardResult(outcome) })),
    );
  }
}
