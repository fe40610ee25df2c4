import { describe, expect, it } from 'vitest';
import { tryRelease } from './index.mjs';

const answers = (statuses: readonly (number | Error)[]) => {
  let asked = 0;
  return {
    ask: () => {
      const answer = statuses[Math.min(asked, statuses.length - 1)];
      asked += 1;
      return typeof answer === 'number'
        ? Promise.resolve(answer)
        : Promise.reject(answer ?? new Error());
    },
    pause: () => Promise.resolve(),
    asked: () => asked,
  };
};

describe('the smoke test of a release', () => {
  it('passes when it is ready five times in a row', async () => {
    const release = answers([200]);
    expect(await tryRelease(release)).toEqual({ hookStatus: 'SUCCEEDED' });
    expect(release.asked()).toBe(5);
  });

  it('waits for a release that is not ready yet', async () => {
    const release = answers([new Error('refused'), 503, 200, 503, 200]);
    expect(await tryRelease(release)).toEqual({ hookStatus: 'SUCCEEDED' });
    expect(release.asked()).toBe(9);
  });

  it('rolls back one that never is', async () => {
    expect(await tryRelease({ ...answers([503]), attempts: 7 })).toEqual({ hookStatus: 'FAILED' });
    expect(await tryRelease({ ...answers([200, 503]), attempts: 40 })).toEqual({
      hookStatus: 'FAILED',
    });
  });
});
