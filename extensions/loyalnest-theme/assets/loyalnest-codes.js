import { expired } from './loyalnest-home.js';

export function codes(kit) {
  const { h, p, word, title, button, day, store } = kit;
  const amount = (points) => store.amount(points);

  /** To be given back, once the shopper says so again. */
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
      told = word(status === 'returned' ? 'given_back' : 'recorded', { points: amount(redemption.points_spent) });
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

  async function copy(event, code) {
    const pressed = event.currentTarget;
    try {
      await navigator.clipboard.writeText(code);
      pressed.textContent = word('copied');
      pressed.ariaLabel = null;
      kit.say(word('copied'));
    } catch {
      // Selected, so that the keyboard can.
      getSelection().selectAllChildren(pressed.parentElement.querySelector('code'));
    }
  }

  const codeLine = ({ code, apply_url: apply }) => code && h('div', { class: 'code' },
    h('code', {}, code),
    button(word('copy'), (event) => copy(event, code), 'small', { 'aria-label': word('copy_code', { code }) }),
    apply && h('a', { class: 'button full small', href: apply, 'aria-label': word('apply_code', { code }) }, word('apply')));

  const owned = (redemption) => {
    const { status, points_spent: points, expires_at: until, returnable, used, id } = redemption;
    const state = used ? 'used' : status === 'completed' ? expired(redemption) && 'expired' : { pending: 'pending_short', failed: 'failed_short', returned: points ? 'returned' : 'expired' }[status];
    const good = status === 'completed' && !state;
    return h('li', { class: good ? 'card' : 'card past' },
      h('div', {},
        p(redemption.title, 'strong'),
        p([state && word(state), good && until ? word('expires', { date: day(until) }) : day(redemption.at), points > 0 && amount(points)].filter(Boolean).join(' · '), 'mute'),
        good && codeLine(redemption),
        good && returnable && (asked === id
          ? h('div', { class: 'ask', role: 'group' }, h('p', { tabindex: -1, 'data-focus': '' }, word('give_back_ask', { points: amount(points) })),
            problem && h('p', { class: 'told bad', role: 'alert' }, problem),
            h('div', { class: 'links' },
              button(word('give_back'), () => giveBack(redemption), 'full small', { disabled: busy && '' }),
              button(word('cancel'), () => { asked = null; kit.renew(); }, 'small')))
          : h('button', { class: 'quiet', type: 'button', click: () => { asked = id; problem = null; told = null; kit.renew(); } }, word('give_back')))));
  };

  const live = (one) => (one.status === 'pending' || (one.status === 'completed' && !one.used)) && !expired(one);

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
      return rest.length > 0 && h('details', {}, h('summary', {}, word('past_codes')), h('ul', { class: 'cards' }, rest.map(owned)));
    },
  };
}
