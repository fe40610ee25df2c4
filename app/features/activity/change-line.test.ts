import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { changeName, changeUrl } from './change-line.ts';

/** The ledger tells these, or they are the platform's own. */
const toldElsewhere =
  /^(points_adjusted|adjustment_undone|tier_entered|admin_.*|shop_erasure_(stopped|resumed))$/;

it('every change of a shop that core records has words', () => {
  const recorded = globSync('core/**/*.ts').flatMap((file) =>
    file.endsWith('.test.ts')
      ? []
      : [...readFileSync(file, 'utf8').matchAll(/'([a-z]+(?:_[a-z]+)*_[a-z]+)'/g)]
          .map(([, word]) => word ?? '')
          .filter((word) =>
            /^(?:settings|program|rewards?|campaigns?|content|branding|vip_tiers?|tiers?|expiry|rfm|customers?|shop|deliveries)_.*(?:ed|undone)$/.test(
              word,
            ),
          ),
  );
  expect(recorded.length).toBeGreaterThan(20);
  const withoutWords = [...new Set(recorded)].filter(
    (action) => !toldElsewhere.test(action) && changeName(action) === 'other',
  );
  expect(withoutWords).toEqual([]);
});

it('what nobody has words for yet is told as another change', () => {
  expect(changeName('something_new')).toBe('other');
  expect(changeName('constructor')).toBe('other');
});

it('leads to where the thing can be seen now', () => {
  const to = (action: string, targetTable: string, targetId = 'id') =>
    changeUrl({ action, targetTable, targetId });
  expect(to('reward_updated', 'rewards')).toBe('/app/rewards/id');
  expect(to('reward_deleted', 'rewards')).toBe('/app/rewards');
  expect(to('campaign_ended', 'bonus_campaigns')).toBe('/app/campaigns/id');
  expect(to('program_updated', 'program_settings')).toBe('/app/program');
  expect(to('settings_updated', 'program_settings')).toBe('/app/settings');
  expect(to('shop_installed', 'merchants')).toBe('');
});
