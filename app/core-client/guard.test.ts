import { once } from 'node:events';
import type { CallOptions, ClientMiddleware, ClientMiddlewareCall } from 'nice-grpc';
import { describe, expect, it } from 'vitest';
import { pretendEnvironment } from '../testing/environment.ts';
import { CoreError } from './errors.server.ts';
import { createGuard } from './guard.server.ts';

// For the log.
pretendEnvironment();

/** Makes a call whose answer is what core's would be. */
async function make(
  guard: ClientMiddleware,
  answer: () => Promise<string>,
  options: CallOptions = {},
): Promise<string> {
  const call = {
    method: { path: '/points.v1.PointsService/GetBalance' },
    requestStream: false,
    responseStream: false,
    request: {},
    // A call without a stream yields nothing.
    async *next() {
      yield* [];
      return answer();
    },
  } as unknown as ClientMiddlewareCall<object, string>;
  const steps = guard(call, options);
  for (;;) {
    const step = await steps.next();
    if (step.done === true) return step.value as string;
  }
}

describe('calls of core', () => {
  it('of a shop that floods leave room for those of another, and are answered too', async () => {
    const guard = createGuard();
    const held = Promise.withResolvers<string>();
    let underWay = 0;
    const flood = Array.from({ length: 300 }, () =>
      make(guard.bounded('flood'), () => {
        underWay += 1;
        return held.promise;
      }),
    );
    expect(await make(guard.bounded('quiet'), () => Promise.resolve('at once'))).toBe('at once');
    expect(underWay).toBeLessThan(100);
    held.resolve('later');
    expect(new Set(await Promise.all(flood))).toEqual(new Set(['later']));
  });

  it('that no one answers are not made any more, and say that core is away', async () => {
    const guard = createGuard();
    const late = () => Promise.reject(new CoreError('timeout'));
    for (let call = 0; call < 10; call++)
      await expect(make(guard.bounded('a'), late)).rejects.toMatchObject({ code: 'timeout' });
    let made = 0;
    const counted = () => {
      made += 1;
      return Promise.resolve('answered');
    };
    await expect(make(guard.bounded('b'), counted)).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(made).toBe(0);
    // Deliveries have found nothing out about core so far, and are tried.
    expect(await make(guard.breaking('the inbox'), counted)).toBe('answered');
  });

  it('that are refused say that core is there', async () => {
    const guard = createGuard();
    const refused = () => Promise.reject(new CoreError('insufficient_points'));
    for (let call = 0; call < 30; call++)
      await expect(make(guard.bounded('a'), refused)).rejects.toMatchObject({
        code: 'insufficient_points',
      });
    expect(await make(guard.bounded('a'), () => Promise.resolve('answered'))).toBe('answered');
  });

  it('that readers leave say nothing of core; those that are out of time do', async () => {
    const guard = createGuard();
    const aborted = () =>
      Promise.reject(new DOMException('The operation has been aborted', 'AbortError'));
    const attempts = async (signal: AbortSignal) => {
      for (let nth = 0; nth < 12; nth += 1)
        await make(guard.bounded('shop'), aborted, { signal }).catch(() => undefined);
      return make(guard.bounded('shop'), () => Promise.resolve('here')).catch(String);
    };
    const left = new AbortController();
    left.abort();
    expect(await attempts(left.signal)).toBe('here');
    const late = AbortSignal.timeout(0);
    await once(late, 'abort');
    expect(await attempts(late)).toContain('left alone');
  });
});
