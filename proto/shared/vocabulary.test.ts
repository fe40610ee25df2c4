import { expect, it } from 'vitest';
import { mustKnow, samples } from '#infra/local/must-know.ts';

/** Files that have words, a badge, a mapping or a rule for each value. `npm run vocabulary` asks the whole project. */
const knowing = {
  reward: [
    'rewards.rules.ts',
    'fulfil.server.ts',
    'permissions.rules.ts',
    'reward-form.ts',
    'reward-page.tsx',
    'reward-title.ts',
    'reward-columns.tsx',
    'redemptions-card.tsx',
  ],
  outcome: ['outcome-text.ts'],
  // Codes to the statuses of gRPC, to those of HTTP, and to words.
  error: ['errors.ts', 'errors.server.ts', 'problem-text.ts'],
};
const nameOf = (file: string) => file.slice(file.lastIndexOf('/') + 1);

it.each([
  ['kind of reward', 'reward'],
  ['outcome of a message', 'outcome'],
  ['error code', 'error'],
] as const)(
  'a new %s does not compile until every record over the list has it',
  (_what, sample) => {
    const names = knowing[sample];
    expect(mustKnow(samples[sample], names).map(nameOf).sort()).toEqual([...names].sort());
  },
  120_000,
);
