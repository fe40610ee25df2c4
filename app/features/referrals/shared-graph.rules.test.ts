import { expect, test } from 'vitest';
import { GRAPH, sharedGraph } from './shared-graph.rules.ts';

const shares = (customerId: string, kind: string, role = 'other') => ({
  kind,
  role,
  person: { customerId, name: '', email: '' },
});

test('the friend is in the middle, and each who shares something is there once with all of it', () => {
  const nodes = sharedGraph('friend', 'advocate', [
    shares('advocate', 'device', 'advocate'),
    shares('advocate', 'network', 'advocate'),
    shares('third', 'network', 'friend_of_advocate'),
    shares('third', 'network', 'friend_of_advocate'),
  ]);
  expect(nodes.map(({ customerId, role, kinds }) => [customerId, role, kinds])).toEqual([
    ['friend', 'friend', []],
    ['advocate', 'advocate', ['device', 'network']],
    ['third', 'friend_of_advocate', ['network']],
  ]);
  expect(nodes[0]).toMatchObject({ x: GRAPH.width / 2, y: GRAPH.height / 2 });
});

test('the advocate is drawn also where nothing is shared', () => {
  expect(sharedGraph('friend', 'advocate', []).map(({ customerId }) => customerId)).toEqual([
    'friend',
    'advocate',
  ]);
});

test('a crowd stays within the drawing, without two at one place', () => {
  const nodes = sharedGraph(
    'friend',
    'advocate',
    Array.from({ length: 40 }, (_, at) => shares(`c${at}`, 'network')),
  );
  expect(nodes).toHaveLength(12);
  expect(new Set(nodes.map(({ x, y }) => `${x}/${y}`)).size).toBe(12);
  for (const { x, y } of nodes)
    expect(x > 30 && x < GRAPH.width - 30 && y > 20 && y < GRAPH.height - 20).toBe(true);
});
