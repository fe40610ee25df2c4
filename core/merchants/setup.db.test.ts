import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;

const statuses = async (shop: Shop) =>
  (await shop.admin.getSetupProgress({})).tasks.map(({ status }) => status);
const told = async (shop: Shop) =>
  (
    await core.outside.query<{ kind: string; payload: Record<string, unknown> }>(
      `SELECT kind, payload FROM outbox_events
       WHERE merchant_id = $1 AND kind ~ '^(setup|onboarding)\\.' ORDER BY event_id`,
      [shop.merchantId],
    )
  ).rows.map(({ kind, payload }) => `${kind} ${Object.values(payload).join()}`);
const saveRules = async (shop: Shop, active: boolean) => {
  const { program } = await shop.points.getPointsProgram({});
  await shop.points.updatePointsProgram({ program: { ...program, active } });
};
const makeReward = (shop: Shop, status = 'active') =>
  shop.points.upsertReward({
    reward: {
      kind: 'amount_off',
      title: { en: 'Five off' },
      pointsCost: 500,
      value: '5.00',
      status,
    },
  });

describe('the setup of a shop', () => {
  it('completes automatically: rules saved, a reward created, the panel seen; and writes one event for each', async () => {
    const shop = await core.installShop();
    expect(await shop.admin.getSetupProgress({})).toMatchObject({
      progressPercentage: 0,
      tasks: [
        { task: 'launch_program', status: 'pending', completedAt: '' },
        { task: 'first_reward', status: 'pending', completedAt: '' },
        { task: 'add_widget', status: 'pending', completedAt: '' },
      ],
    });

    await saveRules(shop, false);
    expect(await statuses(shop)).toEqual(['pending', 'pending', 'pending']);
    await saveRules(shop, true);
    expect(await statuses(shop)).toEqual(['completed', 'pending', 'pending']);
    await makeReward(shop, 'disabled');
    expect(await statuses(shop)).toEqual(['completed', 'pending', 'pending']);
    const { reward } = await makeReward(shop);
    expect((await shop.admin.getSetupProgress({})).progressPercentage).toBe(66);
    await shop.admin.recordWidgetSeen({});
    await shop.admin.recordWidgetSeen({});
    expect(await statuses(shop)).toEqual(['completed', 'completed', 'completed']);
    expect(await told(shop)).toEqual([
      'setup.task_completed launch_program',
      'setup.task_completed first_reward',
      'setup.task_completed add_widget',
      'onboarding.completed 0',
      'setup.completed 3',
    ]);

    const { rows } = await core.outside.query<{ setup_progress: Record<string, unknown> }>(
      'SELECT setup_progress FROM program_settings WHERE merchant_id = $1',
      [shop.merchantId],
    );
    expect(rows[0]?.setup_progress).toMatchObject({
      tasks: { launch_program: true, first_reward: true, add_widget: true },
    });

    // Completed steps stay completed, and write no other event.
    await shop.points.setRewardStatus({ rewardId: reward?.rewardId ?? '', status: 'disabled' });
    await shop.admin.getSetupProgress({});
    expect(await statuses(shop)).toEqual(['completed', 'completed', 'completed']);
    expect(await told(shop)).toHaveLength(5);
  });

  it('can be skipped, resumed, and completed after all', async () => {
    const shop = await core.installShop();
    const mark = (task: string, status: string) => shop.admin.completeSetupTask({ task, status });
    await mark('launch_program', 'completed');
    await mark('launch_program', 'completed');
    await mark('first_reward', 'skipped');
    await mark('add_widget', 'skipped');
    expect(await told(shop)).toEqual([
      'setup.task_completed launch_program',
      'onboarding.completed 2',
    ]);
    await mark('first_reward', 'pending');
    expect(await statuses(shop)).toEqual(['completed', 'pending', 'skipped']);
    await makeReward(shop);
    await shop.admin.recordWidgetSeen({});
    expect(await statuses(shop)).toEqual(['completed', 'completed', 'completed']);
    expect((await told(shop)).at(-1)).toBe('setup.completed 3');
    expect((await told(shop)).filter((line) => line.startsWith('onboarding'))).toHaveLength(1);
  });

  it('is found also by a shop that was installed before there were these steps', async () => {
    const shop = await core.installShop();
    await core.outside.query('DELETE FROM onboarding_tasks WHERE merchant_id = $1', [
      shop.merchantId,
    ]);
    expect(await statuses(shop)).toEqual(['pending', 'pending', 'pending']);
  });
});
