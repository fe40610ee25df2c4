import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';
import { slopeOf, studentQuantile, verdictOf, warmUpMinutes } from './soak-verdict.ts';
import type { Reading } from './soak-verdict.ts';

const megabyte = 1_000_000;

/** A process of 200 MB, read four times a minute, that grows so fast and varies by so much. */
function readings(options: {
  minutes: number;
  perHour: number;
  noise: number;
  /** How much of a deviation is left a reading later. */
  memory?: number;
  seed?: number;
}): Reading[] {
  const random = createRandom(options.seed ?? 1);
  let deviation = 0;
  return Array.from({ length: options.minutes * 4 }, (_, n) => {
    const minutes = n / 4;
    deviation = deviation * (options.memory ?? 0) + (random.next() - 0.5) * 2 * options.noise;
    const megabytes = 200 + (options.perHour * minutes) / 60 + deviation;
    return { minutes, bytes: megabytes * megabyte };
  });
}

describe('memory of a process under a steady load', () => {
  it('is flat when it stays the same for an hour', () => {
    const slope = slopeOf(readings({ minutes: 60, perHour: 0, noise: 2 }), 15);
    expect(slope.verdict).toBe('flat');
    expect(Math.abs(slope.perHour)).toBeLessThan(1);
    expect(slope.readings).toBe(180);
  });

  it('grows when an hour adds more than was promised', () => {
    const slope = slopeOf(readings({ minutes: 60, perHour: 12, noise: 2 }), 15);
    expect(slope.verdict).toBe('grows');
    expect(slope.perHour).toBeCloseTo(12, 0);
    expect(slope.low).toBeGreaterThan(5);
  });

  it('finds the slope exactly where nothing varies', () => {
    const slope = slopeOf(readings({ minutes: 40, perHour: 4, noise: 0 }), 10);
    expect(slope.perHour).toBeCloseTo(4, 6);
    expect(slope.high).toBeCloseTo(4, 6);
    expect(slope.verdict).toBe('flat');
  });

  it('cannot be told after some minutes, be it flat or not', () => {
    for (const perHour of [0, 6])
      expect(slopeOf(readings({ minutes: 10, perHour, noise: 4 }), 2).verdict).toBe(
        'too short to tell',
      );
  });

  it('cannot be told from few readings, however well they agree', () => {
    const slope = slopeOf(readings({ minutes: 4, perHour: 0, noise: 0 }), 0);
    expect(slope).toMatchObject({ verdict: 'too short to tell', readings: 16 });
  });

  it('cannot be told while it still warms up, however clearly it grows', () => {
    const slope = slopeOf(readings({ minutes: 8, perHour: 200, noise: 0.5 }), warmUpMinutes(8));
    expect(slope).toMatchObject({ verdict: 'too short to tell', readings: 24 });
    expect(slope.low).toBeGreaterThan(5);
  });

  it('is not judged by the warm-up', () => {
    const warming = readings({ minutes: 60, perHour: 0, noise: 1 }).map((reading) =>
      reading.minutes < 15
        ? { ...reading, bytes: reading.bytes * (reading.minutes / 15) }
        : reading,
    );
    expect(slopeOf(warming, 15).verdict).toBe('flat');
    expect(slopeOf(warming, 0).verdict).not.toBe('flat');
  });

  it('is known less well when each reading resembles the one before', () => {
    const width = (memory: number) => {
      const { low, high } = slopeOf(readings({ minutes: 60, perHour: 0, noise: 1, memory }), 15);
      return high - low;
    };
    expect(width(0.9)).toBeGreaterThan(width(0) * 3);
  });

  it('is within its interval about as often as the interval says', () => {
    const missed = Array.from({ length: 200 }, (_, seed) =>
      slopeOf(readings({ minutes: 60, perHour: 3, noise: 2, memory: 0.5, seed }), 15),
    ).filter(({ low, high }) => low > 3 || high < 3).length;
    expect(missed).toBeLessThan(200 * 0.12);
  });
});

describe('a soak', () => {
  const of = (verdict: 'flat' | 'grows' | 'too short to tell') => ({
    verdict,
    perHour: 0,
    low: 0,
    high: 0,
    readings: 100,
  });

  it('passes only when every process is flat', () => {
    expect(verdictOf([of('flat'), of('flat')])).toBe('flat');
    expect(verdictOf([of('flat'), of('too short to tell')])).toBe('too short to tell');
    expect(verdictOf([of('too short to tell'), of('grows')])).toBe('grows');
    expect(verdictOf([])).toBe('too short to tell');
  });

  it('warms up for a quarter of the run, at most 20 minutes', () => {
    expect(warmUpMinutes(8)).toBe(2);
    expect(warmUpMinutes(600)).toBe(20);
  });

  it('uses the quantiles of the tables', () => {
    expect(studentQuantile(10)).toBeCloseTo(2.228, 2);
    expect(studentQuantile(30)).toBeCloseTo(2.042, 3);
    expect(studentQuantile(100)).toBeCloseTo(1.984, 3);
  });
});
