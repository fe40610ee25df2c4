import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { changeName, changeUrl } from './change-line.ts';

/** The ledger shows these, or they belong to the platform. */
const toldElsewhere =
  /^(points_adjusted|adjustment_undone|tier_entered|admin_.*|jobs_(retried|discarded)|shop_erasure_(stopped|resumed))$/;

it('every shop change that core records has a text', () => {
  // Every string written as an action, not only those that look like known actions.
  const recorded = globSync('core/**/*.ts').flatMap((file) => {
    if (file.includes('.test.') || file.includes('testing/')) return [];
    const text = readFileSync(file, 'utf8');
    if (!/\bwriteAudit\b|\brecordAct\b/.test(text)) return [];
    const places = [
      ...text.matchAll(/\baction(?::| =)\s*([^;{}]*?)(?:,\n|;\n|,? \})/g),
      ...text.matchAll(/\brecord\(([^;]*?)\);/g),
    ];
    return places.flatMap(([, value = '']) =>
      [...value.matchAll(/'([a-z]+(?:_[a-z]+)+)'/g)].map(([, word]) => word ?? ''),
    );
  });
  expect(recorded.length).toBeGreaterThan(20);
  const withoutWords = [...new Set(recorded)].filter(
    (action) => !toldElsewhere.test(action) && changeName(action) === 'other',
  );
  expect(withoutWords).toEqual([]);
});

it('a change without a text is shown as another change', () => {
  expect(changeName('something_new')).toBe('other');
  expect(changeName('constructor')).toBe('other');
});

it('links to the page that shows the changed item', () => {
  const to = (action: string, targetTable: string, targetId = 'id') =>
    changeUrl({ action, targetTable, targetId });
  expect(to('reward_updated', 'rewards')).toBe('/app/rewards/id');
  expect(to('reward_deleted', 'rewards')).toBe('/app/rewards');
  expect(to('campaign_ended', 'bonus_campaigns')).toBe('/app/campaigns/id');
  expect(to('program_updated', 'program_settings')).toBe('/app/program');
  expect(to('settings_updated', 'program_settings')).toBe('/app/settings');
  expect(to('shop_installed', 'merchants')).toBe('');
});
