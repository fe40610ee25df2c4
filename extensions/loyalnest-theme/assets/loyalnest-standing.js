export function tiers(kit) {
  const { h, p, word, title, day, money, icon, bar, store, views } = kit;

  const joined = ([one, two]) => two ? word(store.data.tier.takes === 'both' ? 'and' : 'or', { one, two }) : one;

  const missing = ({ spend, points }) => joined([
    spend && word('to_spend', { amount: money(spend.missing) }),
    points && word('to_earn', { points: store.amount(points.missing) }),
  ].filter(Boolean));

  const threshold = ({ spend, points }) => {
    const parts = [spend && money(spend), points && store.amount(points)].filter(Boolean);
    return parts.length ? word('tier_from', { threshold: joined(parts) }) : word('from_start');
  };

  const perks = (tier) => [
    tier.multiplier && word('perk_multiplier', { number: store.number(tier.multiplier) }),
    tier.entry_points && word('perk_entry', { points: store.amount(tier.entry_points) }),
    tier.entry_reward && word('perk_reward', { reward: tier.entry_reward }),
    tier.free_shipping && word('perk_shipping'),
    tier.early_access && word('perk_early'),
    ...(tier.perks ?? '').split('\n'),
  ].filter(Boolean);

  const standing = ({ ladder, current, next, progress, until, lapses }) => {
    const [now, then] = [current, next].map((id) => ladder.find((tier) => tier.id === id));
    const kept = lapses ? word('tier_lapses', { tier: now?.name, date: day(lapses) }) : until && now && word('tier_until', { date: day(until) });
    return h('div', { class: 'hero' }, icon('medal'),
      p(word('your_tier'), 'mute'),
      p(now?.name ?? word('no_tier'), 'big'),
      progress && bar(progress.percent),
      p(then ? word('to_next', { missing: missing(progress), tier: then.name }) : word('top_tier')),
      kept && p(kept, 'mute'));
  };

  const steps = ({ earn, tier }) => {
    if (!tier.next) return false;
    const { spend, points } = tier.progress;
    const best = points ? earn.filter(({ action, done }) => !done && action !== 'purchase').sort((one, other) => other.points - one.points).slice(0, 2) : [];
    return [title('next_step'), h('ul', {},
      h('li', {}, icon('cart'), h('div', {}, p(word('purchase'), 'strong'),
        spend && p(word('to_spend', { amount: money(spend.missing) }), 'mute'))),
      best.map(({ action, points: gain }) => h('li', {}, icon('star'), h('div', {}, p(word(action), 'strong')), h('b', { class: 'chip' }, `+${store.number(gain)}`)))),
    kit.button(word('earn_title'), () => views.turn('earn', true))];
  };

  return {
    paint(data) {
      const { tier } = data;
      if (!tier) return [];
      store.track('vip_tier_viewed', { surface: 'panel' }, true);
      if (tier.progress) store.track('tier_progress_viewed', { percent: tier.progress.percent }, true);
      return [
        store.page.member && standing(tier),
        title('tiers_title'),
        h('ol', { class: 'ladder' }, tier.ladder.map((step) =>
          h('li', { class: step.id === tier.current && 'here', 'aria-current': step.id === tier.current && 'step' },
            h('div', {},
              p(step.name, 'strong'), p(threshold(step), 'mute'),
              perks(step).length > 0 && h('ul', { class: 'perks' }, perks(step).map((perk) => h('li', {}, perk))))))),
        store.page.member && steps(data),
      ];
    },
  };
}

export function history(kit) {
  const { p, word, button, list, alertBox, skeleton, store } = kit;
  let pages = null;
  let reading = null;
  let trouble = null;
  /** New data, new history. */
  let known = null;

  async function read(cursor) {
    reading = cursor ? 'more' : 'first';
    trouble = null;
    known = store.data;
    kit.renew();
    try {
      const answer = await store.ask('history', { query: cursor && { cursor } });
      const { entries, next_cursor } = await answer.json();
      pages = { entries: [...(cursor ? pages.entries : []), ...entries], next_cursor };
    } catch {
      trouble = store.troubleNow();
    }
    reading = null;
    kit.renew();
  }

  return {
    paint(data) {
      if (!reading && data !== known) queueMicrotask(() => reading || read());
      const next = pages?.next_cursor;
      return [
        pages && (pages.entries.length ? list(pages.entries) : p(word('empty'), 'empty')),
        reading && (reading === 'more' || !pages) && skeleton(),
        trouble && alertBox(trouble, () => read(next)),
        next && !reading && !trouble && button(word('more'), () => read(next)),
      ];
    },
  };
}
