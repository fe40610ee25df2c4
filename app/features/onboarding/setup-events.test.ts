import { expect, test } from 'vitest';
import { setupAnalytics } from './setup-events.ts';

const heard = (kind: string, payload: unknown) => {
  const event = setupAnalytics({
    eventId: 'e1',
    merchantId: 'm1',
    shopDomain: 'demo-store.myshopify.com',
    kind,
    payload: JSON.stringify(payload),
    createdAt: '2026-12-01T00:00:00.000Z',
    attempts: 1,
    traceparent: '',
  });
  return event && [event.name, event.properties];
};

test('analytics receive each step, the end, and an end without skipped steps', () => {
  expect(heard('setup.task_completed', { task: 'add_widget' })).toEqual([
    'setup_task_completed',
    { task: 'add_widget' },
  ]);
  expect(heard('onboarding.completed', { skipped: 1 })).toEqual([
    'onboarding_completed',
    { skipped: 1 },
  ]);
  expect(heard('setup.completed', { tasks: 3 })).toEqual(['setup_completed', { tasks: 3 }]);
  expect(heard('points.changed', { tasks: 3 })).toBeUndefined();
});
