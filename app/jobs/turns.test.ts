import { describe, expect, it } from 'vitest';
import { Turns } from './turns.ts';

describe('turns', () => {
  it('leave a shop’s usual work in front, and put a flood of it further and further back', () => {
    const turns = new Turns(20);
    const steps = Array.from({ length: 100 }, () => turns.take('sale', 1, 1_000));
    expect(steps.slice(0, 20)).toEqual(Array(20).fill(0));
    expect(steps.at(-1)).toBe(4);
    expect(turns.take('quiet', 1, 1_000)).toBe(0);
  });

  it('forget with time', () => {
    const turns = new Turns(20);
    turns.take('sale', 400, 0);
    expect(turns.take('sale', 1, 0)).toBe(20);
    expect(turns.take('sale', 1, 5_000)).toBe(10);
    expect(turns.take('sale', 1, 60_000)).toBe(0);
  });

  it('let a steady stream below the limit stand in front for ever', () => {
    const turns = new Turns(100);
    const steps = Array.from({ length: 600 }, (_, nth) => turns.take('steady', 1, nth * 100));
    expect(Math.max(...steps)).toBe(0);
  });

  it('stay within what the queue takes', () => {
    expect(new Turns(1).take('sale', 1e9)).toBe(0);
    const turns = new Turns(1);
    turns.take('sale', 1e9, 0);
    expect(turns.take('sale', 1, 0)).toBe(1_000);
  });
});
