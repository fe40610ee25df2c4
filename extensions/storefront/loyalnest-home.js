import { picker } from './loyalnest-language.js';
const ICON = {
  purchase: 'cart',
  signup: 'person',
  newsletter: 'mail',
  birthday: 'gift',
  social_follow: 'heart',
  social_share: 'share',
  review: 'star',
  goal_spend: 'medal',
};
const NETWORKS = { facebook: 'Facebook', instagram: 'Instagram', x: 'X', tiktok: 'TikTok' };
const SHARE = { facebook: 'www.facebook.com/sharer/sharer.php?u=', x: 'x.com/intent/post?url=' };
function campaigns({ h, p, word, day, money, icon, progress, store }, { campaigns }) {
  return campaigns.map((campaign) => {
    const { type, multiplier, points, goal, min_spend: least, ends_at: end, done } = campaign;
    const gain =
      type === 'double_points'
        ? word('times', { number: store.number(multiplier) })
        : goal
          ? word('goal', { amount: money(goal), points: store.amount(points) })
          : word('bonus', { points: store.amount(points) });
    const when = [
      least && word('from_spend', { amount: money(least) }),
      end && word('until', { date: day(end) }),
    ].filter(Boolean);
    return h(
      'div',
      { class: 'box bonus' },
      icon('star'),
      h(
        'div',
        {},
        p(campaign.name, 'strong'),
        p([gain, ...when].join(' · ')),
        !done && progress(campaign),
      ),
      done && h('bdi', { class: 'chip' }, word('goal_reached')),
    );
  });
}
export function home(kit) {
  const { h, p, word, title, button, day, icon, bar, store, views } = kit;
  const ways = earn(kit);
  const guest = (data) => [
    store.offer &&
      h(
        'div',
        { class: 'box bonus' },
        icon('gift'),
        h('div', {}, p(store.offer.title, 'strong'), p(store.offer.text)),
      ),
    // The page of rewards has these in its head.
    !views.root &&
      h(
        'p',
        { class: 'links' },
        h('a', { class: 'button full', href: store.page.register_url }, word('register')),
        h('a', { class: 'button', href: store.page.sign_in_url }, word('sign_in')),
      ),
    campaigns(kit, data),
    title('earn_title'),
    ways.actions(data),
    data.rewards.length > 0 && button(word('see_rewards'), () => views.turn('rewards', true)),
    picker(kit),
  ];
  const expiry = ({ expiries: [first, next] }) =>
    first &&
    h(
      'div',
      { class: 'box' },
      icon('clock'),
      h(
        'div',
        {},
        p(word('expiring', { points: store.amount(first.points), date: day(first.at) }), 'strong'),
        next &&
          p(word('and_then', { points: store.amount(next.points), date: day(next.at) }), 'mute'),
      ),
    );
  const waiting = ({ redemptions }) => {
    const code = redemptions.find((one) => one.code && !one.used && !expired(one));
    return (
      code &&
      h(
        'div',
        { class: 'box' },
        icon('tag'),
        h('div', {}, p(word('code_waiting'), 'strong'), p(code.title + ' · ' + code.code, 'mute')),
        button(word('see_rewards'), () => views.turn('rewards', true), 'small'),
      )
    );
  };
  const nearest = ({ rewards, customer }) => {
    const open = rewards
      .filter((one) => one.eligible && !one.offer)
      .sort((one, other) => cost(one) - cost(other));
    const available = customer?.available ?? 0;
    const reward = open.find((one) => cost(one) > available) ?? open.at(-1);
    if (!reward) return false;
    const left = cost(reward) - available;
    return [
      title('next_reward'),
      h(
        'div',
        { class: 'card' },
        kit.picture(reward),
        h(
          'div',
          {},
          p(reward.title, 'strong'),
          bar((available / cost(reward)) * 100, reward.id),
          p(left > 0 ? word('to_go', { points: store.amount(left) }) : word('can_redeem'), 'mute'),
        ),
        button(word('see_rewards'), () => views.turn('rewards', true), 'small'),
      ),
    ];
  };
  const tier = ({ tier }) => {
    if (!tier) return false;
    const name = (id) => tier.tiers.find((one) => one.id === id)?.name;
    return [
      title('your_tier'),
      h(
        'div',
        { class: 'card' },
        icon('medal'),
        h(
          'div',
          {},
          p(name(tier.current) ?? word('no_tier'), 'strong'),
          tier.progress && bar(tier.progress.percent, 'tier'),
          p(
            tier.next ? name(tier.next) + ' · ' + tier.progress.percent + ' %' : word('top_tier'),
            'mute',
          ),
        ),
        button(word('tiers'), () => views.turn('tiers', true), 'small'),
      ),
    ];
  };
  return {
    paint(data) {
      if (!store.page.member) return guest(data);
      const { recent } = data;
      return [
        expiry(data),
        waiting(data),
        campaigns(kit, data),
        nearest(data),
        tier(data),
        title('recent'),
        recent.length ? kit.list(recent.slice(0, 3)) : p(word('empty'), 'empty'),
        recent.length > 0 && button(word('all'), () => views.turn('history', true)),
        picker(kit),
      ];
    },
  };
}
export const cost = ({ steps, points_cost: points }) => steps?.min ?? points;
export const expired = ({ expires_at: at }) => at && new Date(at) <= new Date();
export function earn(kit) {
  const { h, p, word, button, money, icon, store } = kit;
  const answers = {};
  const keys = {};
  let busy = false;
  async function claim(action, more = {}) {
    if (busy) return;
    const name = action + (more.network ?? '');
    busy = true;
    keys[name] ??= crypto.randomUUID();
    try {
      const { status, granted } = await (
        await store.ask('claim', { body: { action, ...more, idempotency_key: keys[name] } })
      ).json();
      answers[name] =
        status === 'granted' ? word('granted', { points: store.amount(granted) }) : word(status);
      if (status === 'granted') kit.cheer();
      delete keys[name];
    } catch (failure) {
      answers[name] = word(failure.status ? 'refused' : store.troubleNow());
    }
    busy = false;
    kit.say(answers[name]);
    kit.renew();
    store.soon();
  }
  const share = (network) => {
    window.open(
      `https://${SHARE[network]}${encodeURIComponent(location.origin)}&text=${encodeURIComponent(document.title)}`,
      '_blank',
      'noopener',
    );
    claim('social_share', { network });
  };
  const choice = (name, length, text) =>
    h(
      'select',
      { name, required: '', 'aria-label': word(name) },
      h('option', { value: '' }, word(name)),
      Array.from({ length }, (_, i) => h('option', { value: String(i + 101).slice(1) }, text(i))),
    );
  const birthday = () =>
    h(
      'form',
      {
        class: 'links',
        change: (event) => {
          const { day, month } = event.currentTarget;
          const last = new Date(2024, month.value, 0).getDate();
          for (const one of day.options)
            if ((one.disabled = one.value > last)) one.selected = false;
        },
        submit: (event) => {
          const { day, month } = event.currentTarget;
          event.preventDefault();
          claim('birthday', { birthday: `${month.value}-${day.value}` });
        },
      },
      choice('day', 31, (i) => i + 1),
      choice('month', 12, (i) => new Date(2024, i).toLocaleString(store.locale, { month: 'long' })),
      h('button', { class: 'button small' }, word('birthday_do')),
    );
  const doing = {
    newsletter: () => button(word('newsletter_do'), () => claim('newsletter'), 'small'),
    review: () => button(word('review_do'), () => claim('review'), 'small'),
    birthday,
    social_follow: ({ networks = [] }) =>
      networks.map(
        ({ network, url, done }) =>
          !done &&
          h(
            'a',
            {
              class: 'button small',
              href: url,
              target: '_blank',
              rel: 'noopener',
              click: () => claim('social_follow', { network }),
            },
            word('follow_do', { network: NETWORKS[network] ?? network }),
          ),
      ),
    social_share: ({ networks = [] }) =>
      networks.map(
        ({ network }) =>
          SHARE[network] &&
          button(word('share_do', { network: NETWORKS[network] }), () => share(network), 'small'),
      ),
  };
  const action = (rule) => {
    const { action: name, points, per, done, claimable, remaining } = rule;
    const told = Object.keys(answers)
      .filter((key) => key.startsWith(name))
      .map((key) => p(answers[key], 'told'));
    const text = word(per && name !== 'purchase' ? 'goal' : `${name}_text`, {
      points: store.amount(points),
      amount: per && money(per),
    });
    return h(
      'li',
      { class: done && 'done' },
      icon(ICON[name]),
      h(
        'div',
        {},
        p(word(name), 'strong'),
        text && p(text, 'mute'),
        !done && kit.progress({ ...rule, id: name, goal: per }),
        remaining > 0 && p(word('remaining', { number: store.number(remaining) }), 'mute'),
        told,
        claimable &&
          !done &&
          store.page.member &&
          h('div', { class: 'links' }, doing[name]?.(rule)),
      ),
      h('bdi', { class: 'chip' }, done ? word('done') : `+${store.number(points)}`),
    );
  };
  return {
    actions({ earn }) {
      const known = earn.filter(({ action: name }) => ICON[name]);
      return known.length ? h('ul', {}, known.map(action)) : p(word('no_earn'), 'empty');
    },
    paint(data) {
      return [campaigns(kit, data), kit.title('earn_title'), this.actions(data)];
    },
  };
}
