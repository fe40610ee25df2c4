import { expect, it } from 'vitest';
import { parseSetupForm } from './home.schema.ts';

const parse = (status: string | undefined, ...tasks: string[]) => {
  const form = new FormData();
  for (const task of tasks) form.append('task', task);
  if (status !== undefined) form.set('status', status);
  return parseSetupForm(form);
};

it('one step of the setup is ticked, or all of them at once', () => {
  expect(parse('completed', 'add_widget')).toEqual({ tasks: ['add_widget'], status: 'completed' });
  const all = ['launch_program', 'first_reward', 'add_widget'];
  expect(parse('skipped', ...all)).toEqual({ tasks: all, status: 'skipped' });
});

it('what is no step, no status or too much is refused', () => {
  expect(parse('completed')).toBeUndefined();
  expect(parse('completed', 'dance')).toBeUndefined();
  expect(parse('forgotten', 'add_widget')).toBeUndefined();
  expect(parse(undefined, 'add_widget')).toBeUndefined();
  expect(parse('completed', ...Array.from({ length: 4 }, () => 'add_widget'))).toBeUndefined();
});
