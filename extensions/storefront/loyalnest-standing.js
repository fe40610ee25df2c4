import { expired } from './loyalnest-home.js';
export function codes(kit) {
  const { h, p, word, title, button, day, store } = kit;
  const amount = (points) => store.amount(points);
  let asked = null;
  let told = null;
  let busy = false;
  let problem = null;
  const failureOf = async (failure) => {
    if (!failure.status) return word(store.troubleNow());
    const { error } = await failure.json().catch(() => ({}));
    return word(error?.code) || word('refused');
  };
  async function giveBack(redemption) {
    busy = true;
    problem = null;
    kit.renew();
    try {
      const answer = await store.ask(`redemptions/${redemption.id}/return`, { body: {} });
      const { status } = (await answer.json()).redemption;
      told = word(status === 'returned' ? 'given_back' : 'recorded', {
        points: amount(redemption.points_spent),
      });
      asked = null;
    } catch (failure) {
      told = null;
      problem = await failureOf(failure);
    }
    busy = false;
    kit.say(told ?? problem);
    await store.soon();
    kit.renew();
  }
  const codeLine = ({ code, apply_url: apply }) =>
    code &&
    h(
      'div',
      { class: 'code' },
      h('code', {}, code),
      button(word('copy'), (event) => kit.copy(event, code), 'small', {
        'aria-label': word('copy_code', { code }),
      }),
      apply &&
        h(
          'a',
          { class: 'button full small', href: apply, 'aria-label': word('apply_code', { code }) },
          word('apply'),
        ),
    );
  const owned = (redemption) => {
    const { status, points_spent: points, expires_at: until, returnable, used, id } = redemption;
    const state = used
      ? 'used'
      : status === 'completed'
        ? expired(redemption) && 'expired'
        : {
            pending: 'pending_short',
            failed: 'failed_short',
            returned: points ? 'returned' : 'expired',
          }[status];
    const good = status === 'completed' && !state;
    return h(
      'li',
      { class: good ? 'card' : 'card past' },
      h(
        'div',
        {},
        p(redemption.title, 'strong'),
        p(
          [
            state && word(state),
            good && until ? word('expires', { date: day(until) }) : day(redemption.at),
            points > 0 && amount(points),
          ]
            .filter(Boolean)
            .join(' · '),
          'mute',
        ),
        good && codeLine(redemption),
        good &&
          returnable &&
          (asked === id
            ? h(
                'div',
                { class: 'ask', role: 'group' },
                h(
                  'p',
                  { tabindex: -1, 'data-focus': '' },
                  word('give_back_ask', { points: amount(points) }),
                ),
                problem && h('p', { class: 'told bad', role: 'alert' }, problem),
                h(
                  'div',
                  { class: 'links' },
                  button(word('give_back'), () => giveBack(redemption), 'full small', {
                    disabled: busy && '',
                  }),
                  button(
                    word('cancel'),
                    () => {
                      asked = null;
                      kit.renew();
                    },
                    'small',
                  ),
                ),
              )
            : h(
                'button',
                {
                  class: 'quiet',
                  type: 'button',
                  click: () => {
                    asked = id;
                    problem = null;
                    told = null;
                    kit.renew();
                  },
                },
                word('give_back'),
              )),
      ),
    );
  };
  const live = (one) =>
    (one.status === 'pending' || (one.status === 'completed' && !one.used)) && !expired(one);
  return {
    codeLine,
    failureOf,
    forget() {
      if (!busy) asked = told = problem = null;
    },
    current({ redemptions }) {
      const mine = redemptions.filter(live);
      return [
        told && h('p', { class: 'told', 'data-focus': '', tabindex: -1 }, told),
        mine.length > 0 && [title('codes_title'), h('ul', { class: 'cards' }, mine.map(owned))],
      ];
    },
    past({ redemptions }) {
      const rest = redemptions.filter((one) => !live(one));
      return (
        rest.length > 0 &&
        h(
          'details',
          {},
          h('summary', {}, word('past_codes')),
          h('ul', { class: 'cards' }, rest.map(owned)),
        )
      );
    },
  };
}
export function tiers(kit) {
  const { h, p, word, title, day, money, icon, bar, store, views } = kit;
  const joined = ([one, two]) =>
    two ? word(store.data.tier.takes === 'both' ? 'and' : 'or', { one, two }) : one;
  const missing = ({ spend, points }) =>
    joined(
      [
        spend && word('to_spend', { amount: money(spend.missing) }),
        points && word('to_earn', { points: store.amount(points.missing) }),
      ].filter(Boolean),
    );
  const threshold = ({ spend, points }) => {
    const parts = [spend && money(spend), points && store.amount(points)].filter(Boolean);
    return parts.length ? word('tier_from', { threshold: joined(parts) }) : word('from_start');
  };
  const perks = (tier) =>
    [
      tier.multiplier && word('perk_multiplier', { number: store.number(tier.multiplier) }),
      tier.entry_points && word('perk_entry', { points: store.amount(tier.entry_points) }),
      tier.entry_reward && word('perk_reward', { reward: tier.entry_reward }),
      tier.free_shipping && word('perk_shipping'),
      tier.early_access && word('perk_early'),
      ...(tier.perks ?? '').split('\n'),
    ].filter(Boolean);
  const standing = ({ tiers, current, next, progress, until, expires }) => {
    const [now, then] = [current, next].map((id) => tiers.find((tier) => tier.id === id));
    const kept = expires
      ? word('tier_expires', { tier: now?.name, date: day(expires) })
      : until && now && word('tier_until', { date: day(until) });
    return h(
      'div',
      { class: 'hero' },
      icon('medal'),
      p(word('your_tier'), 'mute'),
      p(now?.name ?? word('no_tier'), 'big'),
      progress && bar(progress.percent, 'tier'),
      p(then ? word('to_next', { missing: missing(progress), tier: then.name }) : word('top_tier')),
      kept && p(kept, 'mute'),
    );
  };
  const steps = ({ earn, tier }) => {
    if (!tier.next) return false;
    const { spend, points } = tier.progress;
    const best = points
      ? earn
          .filter(({ action, done }) => !done && action !== 'purchase')
          .sort((one, other) => other.points - one.points)
          .slice(0, 2)
      : [];
    return [
      title('next_step'),
      h(
        'ul',
        {},
        h(
          'li',
          {},
          icon('cart'),
          h(
            'div',
            {},
            p(word('purchase'), 'strong'),
            spend && p(word('to_spend', { amount: money(spend.missing) }), 'mute'),
          ),
        ),
        best.map(({ action, points: gain }) =>
          h(
            'li',
            {},
            icon('star'),
            h('div', {}, p(word(action), 'strong')),
            h('bdi', { class: 'chip' }, `+${store.number(gain)}`),
          ),
        ),
      ),
      kit.button(word('earn_title'), () => views.turn('earn', true)),
    ];
  };
  return {
    paint(data) {
      const { tier } = data;
      if (!tier) return [];
      store.track('vip_tier_viewed', { surface: 'panel' }, true);
      if (tier.progress)
        store.track('tier_progress_viewed', { percent: tier.progress.percent }, true);
      return [
        store.page.member && standing(tier),
        title('tiers_title'),
        h(
          'ol',
          { class: 'tiers' },
          tier.tiers.map((step) =>
            h(
              'li',
              {
                class: step.id === tier.current && 'here',
                'aria-current': step.id === tier.current && 'step',
              },
              h(
                'div',
                {},
                p(step.name, 'strong'),
                p(threshold(step), 'mute'),
                perks(step).length > 0 &&
                  h(
                    'ul',
                    { class: 'perks' },
                    perks(step).map((perk) => h('li', {}, perk)),
                  ),
              ),
            ),
          ),
        ),
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
