import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf, startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;

/** A page that two members of staff have open: what it is opened with, saving, and what is stored. */
interface Page<Opened> {
  readonly open: (shop: Shop) => Promise<Opened>;
  readonly save: (shop: Shop, opened: Opened, word: string) => Promise<unknown>;
  readonly stored: (shop: Shop) => Promise<string>;
}
async function audited(shop: Shop): Promise<number> {
  const { rows } = await core.outside.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM audit_logs WHERE merchant_id = $1',
    [shop.merchantId],
  );
  return rows[0]?.count ?? 0;
}

const page = <Opened>(one: Page<Opened>): Page<unknown> => one as Page<unknown>;

function needed<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('It is not there.');
  return value;
}

const program = page({
  open: async (shop) => needed((await shop.points.getPointsProgram({})).program),
  save: (shop, opened, word) =>
    shop.points.updatePointsProgram({
      program: {
        ...opened,
        purchase: { enabled: true, awardOn: 'paid', pointsPerUnit: String(word.length) },
      },
    }),
  stored: async (shop) =>
    String((await shop.points.getPointsProgram({})).program?.purchase?.pointsPerUnit),
});

const settings = page({
  open: async (shop) => needed((await shop.admin.getSettings({})).settings),
  save: (shop, opened, word) =>
    shop.admin.updateSettings({
      defaultLanguage: opened.defaultLanguage,
      pointsName: { en: { one: word, other: `${word}s` } },
      revision: opened.revision,
    }),
  stored: async (shop) =>
    String((await shop.admin.getSettings({})).settings?.pointsName['en']?.one),
});

const oneReward = async (shop: Shop) => {
  const { rewards } = await shop.points.listRewards({});
  const [known] = rewards;
  if (known) return known;
  const { reward } = await shop.points.upsertReward({
    reward: {
      kind: 'percent_off',
      title: { en: '10% off', fr: '10 % offerts' },
      description: { en: 'Off your next order' },
      pointsCost: 500,
      value: '10',
      minPurchase: '30',
      segments: ['vip'],
    },
  });
  return needed(reward);
};
const rewards = page({
  open: oneReward,
  save: (shop, opened, word) =>
    shop.points.upsertReward({ reward: { ...opened, title: { ...opened.title, en: word } } }),
  stored: async (shop) => String((await oneReward(shop)).title['en']),
});

const oneCampaign = async (shop: Shop) =>
  needed(
    (
      await shop.points.createCampaign({
        campaign: {
          name: 'Double week',
          translations: { fr: 'Semaine double' },
          type: 'double_points',
          published: true,
          multiplier: '2',
          startLocal: '2099-12-01T00:00',
          endLocal: '2099-12-08T00:00',
          conditions: { countries: ['FR'], minSpend: '20' },
        },
        idempotencyKey: 'one',
      })
    ).campaign,
  );
const campaigns = page({
  open: oneCampaign,
  save: (shop, opened, word) =>
    shop.points.updateCampaign({
      campaignId: opened.campaignId,
      campaign: { ...opened, name: word, published: true },
      revision: opened.revision,
    }),
  stored: async (shop) => (await oneCampaign(shop)).name,
});

const tiers = page({
  open: (shop) => shop.points.getVipTiers({}),
  save: (shop, opened, word) =>
    shop.points.configureVipTiers({
      tierSet: {
        basis: 'spend',
        period: 'lifetime',
        graceDays: 30,
        tiers: [{ names: { en: word }, spendThreshold: '100' }],
      },
      publish: false,
      revision: opened.revision,
    }),
  stored: async (shop) => String((await shop.points.getVipTiers({})).draft?.tiers[0]?.names['en']),
});

const pages = { program, settings, rewards, campaigns, tiers };

describe.each(Object.entries(pages))('a page that two users have open: %s', (name, one) => {
  const stored = (word: string) => (name === 'program' ? String(word.length) : word);

  test('the second to save is refused, and nothing of the first is lost', async () => {
    const shop = await core.installShop();
    const [first, second] = [await one.open(shop), await one.open(shop)];
    await one.save(shop, first, 'first');
    expect(await failureOf(one.save(shop, second, 'the second'))).toMatchObject({
      code: 'edit_conflict',
    });
    expect((await one.stored(shop)).replace(/\.0+$/, '')).toBe(stored('first'));
    // A user who has seen what is saved may overwrite it.
    await one.save(shop, await one.open(shop), 'the second');
    expect((await one.stored(shop)).replace(/\.0+$/, '')).toBe(stored('the second'));
  });

  test('a save that is sent again, because its answer was lost, finds its own work', async () => {
    const shop = await core.installShop();
    const opened = await one.open(shop);
    await one.save(shop, opened, 'the same');
    const before = await audited(shop);
    await one.save(shop, opened, 'the same');
    expect((await one.stored(shop)).replace(/\.0+$/, '')).toBe(stored('the same'));
    expect(await audited(shop)).toBe(before);
  });
});

test('what one person publishes, restores or discards of tiers that another has changed is refused', async () => {
  const shop = await core.installShop();
  const tierSet = {
    basis: 'spend',
    period: 'lifetime',
    graceDays: 30,
    tiers: [{ names: { en: 'Silver' }, spendThreshold: '100' }],
  };
  await shop.points.configureVipTiers({ tierSet, publish: true });
  await shop.points.configureVipTiers({ tierSet: { ...tierSet, graceDays: 5 }, publish: true });
  const { revision } = await shop.points.getVipTiers({});
  await shop.points.configureVipTiers({ tierSet: { ...tierSet, graceDays: 9 }, publish: false });
  for (const late of [
    () => shop.points.discardVipTierDraft({ revision }),
    () => shop.points.restoreVipTiers({ version: 1, revision }),
    () => shop.points.configureVipTiers({ tierSet, publish: true, revision }),
  ])
    expect(await failureOf(late())).toMatchObject({ code: 'edit_conflict' });
  expect((await shop.points.getVipTiers({})).draft?.graceDays).toBe(9);
});

test('earlier rules are not restored over rules that were saved since the page was opened', async () => {
  const shop = await core.installShop();
  const opened = needed((await shop.points.getPointsProgram({})).program);
  await shop.points.updatePointsProgram({ program: { ...opened, expiryDays: 365 } });
  const late = shop.points.restoreProgram({ version: 1, currentVersion: opened.version });
  expect(await failureOf(late)).toMatchObject({ code: 'edit_conflict' });
});

test('a new reward that is sent twice is made once', async () => {
  const shop = await core.installShop();
  const reward = { kind: 'amount_off', title: { en: '$5 off' }, pointsCost: 500, value: '5' };
  const request = { reward, idempotencyKey: 'opened once' };
  const made = await Promise.all([
    shop.points.upsertReward(request),
    shop.points.upsertReward(request),
  ]);
  expect(new Set(made.map((one) => one.reward?.rewardId)).size).toBe(1);
  expect((await shop.points.listRewards({})).rewards).toHaveLength(1);
});
