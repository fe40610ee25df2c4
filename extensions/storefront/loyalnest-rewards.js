import { codes } from './loyalnest-standing.js';
import { cost } from './loyalnest-home.js';
const ASK_EVERY = 1500;
const ASKS_AT_MOST = 20;
export function rewards(kit) {
  const { h, p, word, title, button, day, money, icon, bar, picture, worth: valueOf, store } = kit;
  const amount = (points) => store.amount(points);
  let step = null;
  let busy = false;
  let problem = null;
  const own = codes(kit);
  const go = (next) => {
    step = next;
    problem = null;
    kit.renew();
  };
  async function redeem() {
    const { reward, points, key } = step;
    busy = true;
    problem = null;
    kit.say(word('working'));
    kit.renew();
    try {
      const body = {
        [reward.offer ? 'campaign_id' : 'reward_id']: reward.id,
        idempotency_key: key,
        ...(reward.steps && { points }),
      };
      const answer = await store.ask('redeem', { body });
      show((await answer.json()).redemption);
    } catch (failure) {
      problem = await own.failureOf(failure);
      kit.say(problem);
    }
    busy = false;
    kit.renew();
    store.soon();
  }
  function show(redemption) {
    step = { redemption };
    const { status } = redemption;
    kit.say(word(status === 'completed' ? 'ready' : status === 'failed' ? 'failed' : 'preparing'));
    if (status === 'completed') kit.cheer();
    if (status === 'pending') wait(redemption.id, 0);
  }
  async function wait(id, asks) {
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY));
    if (step?.redemption?.id !== id || asks > ASKS_AT_MOST) return;
    try {
      const { redemption } = await (await store.ask(`redemptions/${id}`)).json();
      if (redemption.status !== 'pending') {
        show(redemption);
        kit.renew();
        store.soon();
        return;
      }
    } catch {
      // Asked again below.
    }
    wait(id, asks + 1);
  }
  const trouble = () => problem && h('p', { class: 'told bad', role: 'alert' }, problem);
  const heading = (key) => h('h3', { tabindex: -1, 'data-focus': '' }, word(key));
  const confirming = ({ customer }) => {
    const { reward, points } = step;
    const price = () => step.points ?? reward.points_cost;
    const most =
      reward.steps &&
      Math.min(
        reward.steps.max,
        Math.floor(customer.available / reward.points_cost) * reward.points_cost,
      );
    const worth = p(word('you_get', { value: valueOf(reward, points) || reward.title }), 'big');
    const left = p('');
    const short = p('', 'told bad');
    const pay = button('', redeem, 'full');
    const tell = () => {
      worth.textContent = word('you_get', { value: valueOf(reward, step.points) || reward.title });
      const lacks = !reward.offer && price() > customer.available;
      short.textContent = lacks ? word('insufficient_points') : '';
      pay.disabled = busy || lacks;
      left.textContent =
        reward.offer || lacks
          ? ''
          : word('confirm_text', {
              points: amount(price()),
              left: amount(customer.available - price()),
            });
      pay.textContent = word(busy ? 'working' : reward.offer ? 'get_code' : 'confirm', {
        points: amount(price()),
      });
    };
    tell();
    return [
      heading('confirm_title'),
      h(
        'div',
        { class: 'hero' },
        picture(reward),
        p(reward.title, 'strong'),
        reward.description && p(reward.description, 'mute'),
        worth,
        reward.steps &&
          most > reward.steps.min &&
          h(
            'label',
            { class: 'range' },
            h('span', {}, word('how_many')),
            h('input', {
              type: 'range',
              min: reward.steps.min,
              max: most,
              step: reward.points_cost,
              value: step.points,
              disabled: busy && '',
              'aria-valuetext': amount(step.points),
              input: ({ target }) => {
                step.points = Number(target.value);
                target.ariaValueText = amount(step.points);
                step.key = crypto.randomUUID();
                tell();
              },
            }),
          ),
        left,
        problem ? trouble() : short,
        h('div', { class: 'links' }, pay, !busy && button(word('cancel'), () => go(null))),
      ),
      terms(reward),
    ];
  };
  const result = () => {
    const { redemption } = step;
    const { status, code, expires_at: until } = redemption;
    const texts = {
      completed: ['ready', code ? 'ready_text' : 'credited'],
      pending: ['preparing', 'preparing_text'],
      failed: ['failed'],
    }[status];
    return [
      h(
        'div',
        { class: 'hero' },
        icon(status === 'failed' ? 'clock' : 'gift'),
        heading(texts[0]),
        p(redemption.title, 'strong'),
        texts[1] && p(word(texts[1])),
        status === 'pending' && h('div', { class: 'bone', 'aria-hidden': 'true' }),
        own.codeLine(redemption),
        until && p(word('expires', { date: day(until) }), 'mute'),
      ),
      button(word('back'), () => go(null)),
    ];
  };
  const terms = (reward) => {
    const {
      min_purchase: least,
      max_shipping: cap,
      expires_after_days: days,
      ends_at: end,
    } = reward;
    const lines = [
      end && word('until', { date: day(end) }),
      least && word('from_purchase', { amount: money(least) }),
      cap && word('shipping_cap', { amount: money(cap) }),
      days && word('good_for', { number: store.number(days) }),
    ].filter(Boolean);
    return lines.length > 0 && p(lines.join(' · '), 'mute');
  };
  const card = (reward, { customer }) => {
    const available = customer?.available ?? 0;
    const left = reward.offer ? 0 : cost(reward) - available;
    const open = store.page.member && customer && reward.eligible;
    return h(
      'li',
      { class: 'card' },
      picture(reward),
      h(
        'div',
        {},
        p(reward.title, 'strong'),
        reward.description && p(reward.description, 'mute'),
        h(
          'p',
          { class: 'price' },
          h(
            'bdi',
            {},
            reward.offer ? word('for_you') : amount(cost(reward)) + (reward.steps ? ' +' : ''),
          ),
        ),
        terms(reward),
        reward.tiers && p(word('for_tiers', { tiers: reward.tiers.join(', ') }), 'mute'),
        open &&
          left > 0 && [
            bar((available / cost(reward)) * 100, reward.id),
            p(word('to_go', { points: amount(left) }), 'mute'),
          ],
      ),
      open &&
        left <= 0 &&
        button(
          word(reward.offer ? 'get_code' : 'redeem'),
          () =>
            go({
              reward,
              key: crypto.randomUUID(),
              ...(reward.steps && { points: reward.steps.min }),
            }),
          'full small',
          {
            'aria-label': word(reward.offer ? 'get_code_named' : 'redeem_named', {
              title: reward.title,
            }),
          },
        ),
    );
  };
  return {
    enter() {
      if (!busy) step = problem = null;
      own.forget();
    },
    paint(data) {
      if (step?.redemption) return result();
      if (step) return confirming(data);
      return [
        own.current(data),
        title('rewards_title'),
        data.rewards.length
          ? h(
              'ul',
              { class: 'cards' },
              data.rewards.map((reward) => card(reward, data)),
            )
          : p(word('no_rewards'), 'empty'),
        own.past(data),
      ];
    },
  };
}
