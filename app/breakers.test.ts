import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Interrupted, breaker } from './breakers.server.ts';
import { pretendEnvironment } from './testing/environment.ts';

// For the log.
pretendEnvironment();

class Refused extends Error {}
const away = () => Promise.reject(new Error('away'));
const refuse = () => Promise.reject(new Refused('no'));
const open = (restMs = 30) =>
  breaker({
    name: 'it',
    failuresInARow: 3,
    restMs,
    isFailure: (error) => !(error instanceof Refused),
  });

describe('what does not answer', () => {
  it('is left alone after so many failures in a row, and tried again by one who asks', async () => {
    const circuit = open();
    for (let time = 0; time < 3; time++) await expect(circuit(away)).rejects.toThrow('away');
    await expect(circuit(() => Promise.resolve(1))).rejects.toThrow(Interrupted);
    await sleep(40);
    let end: (answer: string) => void = () => undefined;
    const attempt = circuit(() => new Promise<string>((resolve) => (end = resolve)));
    // Meanwhile no one waits for the attempt.
    await expect(circuit(() => Promise.resolve(1))).rejects.toThrow(Interrupted);
    end('there');
    expect(await attempt).toBe('there');
    expect(await circuit(() => Promise.resolve(1))).toBe(1);
  });

  it('is left alone again when the attempt fails', async () => {
    const circuit = open();
    for (let time = 0; time < 3; time++) await circuit(away).catch(() => undefined);
    await sleep(40);
    await expect(circuit(away)).rejects.toThrow('away');
    await expect(circuit(() => Promise.resolve(1))).rejects.toThrow(Interrupted);
  });

  it('is there if it answers anything between, a refusal too', async () => {
    const circuit = open();
    for (let time = 0; time < 9; time++) {
      await expect(circuit(time % 3 === 2 ? refuse : away)).rejects.toThrow(/away|no/);
    }
    expect(await circuit(() => Promise.resolve(1))).toBe(1);
  });
});
