/** Refer a friend: the member's own link, ways to share it, and what became of those who followed it. */
export function referrals(kit) {
  const { h, p, word, title, button, icon, bar, store, views } = kit;
  let own = null;
  let problem = null;
  let busy = false;
  async function load() {
    if (busy || !store.page.member) return;
    busy = true;
    try {
      own = await (
        await store.ask('referrals', { body: { device: store.recall('device') ?? '' } })
      ).json();
      problem = null;
    } catch {
      problem = store.troubleNow();
    }
    busy = false;
    kit.renew();
  }
  const linkBy = (channel) =>
    `${new URL(`${store.page.proxy}/r/${own.code}`, location)}?c=${channel}`;
  const textBy = (channel) =>
    word('refer_message', { give: own.give, shop: location.host, link: linkBy(channel) });
  const by = {
    sms: () => `sms:?&body=${encodeURIComponent(textBy('sms'))}`,
    email: () =>
      `mailto:?subject=${encodeURIComponent(word('refer_subject', { give: own.give }))}&body=${encodeURIComponent(textBy('email'))}`,
    whatsapp: () => `https://wa.me/?text=${encodeURIComponent(textBy('whatsapp'))}`,
  };
  const NAMES = { sms: 'SMS', whatsapp: 'WhatsApp' };
  const shares = () => [
    ...Object.keys(by).map(
      (channel) =>
        own.channels.includes(channel) &&
        h(
          'a',
          {
            class: 'button small',
            href: by[channel](),
            ...(channel === 'whatsapp' && { target: '_blank', rel: 'noopener' }),
          },
          NAMES[channel] ?? word('refer_email'),
        ),
    ),
    own.channels.includes('social') &&
      navigator.share &&
      button(
        word('refer_more'),
        () => navigator.share({ text: textBy('social') }).catch(() => {}),
        'small',
      ),
  ];
  const friend = ({ name, status, at, points }) =>
    h(
      'li',
      {},
      icon('person'),
      h(
        'div',
        {},
        p(name || word('refer_friend'), 'strong'),
        p(`${word(`refer_${status}`)} · ${kit.day(at)}`, 'mute'),
      ),
      points > 0 && h('bdi', { class: 'chip' }, `+${store.number(points)}`),
    );
  const member = () => [
    h(
      'div',
      { class: 'hero' },
      icon('share'),
      p(word('refer_lead', own), 'big'),
      p(own.terms, 'mute'),
    ),
    h(
      'div',
      { class: 'code' },
      h('code', {}, linkBy('copy').replace(/^https?:\/\/|\?.*/g, '')),
      button(word('copy'), (event) => kit.copy(event, linkBy('copy')), 'full small'),
    ),
    h('div', { class: 'links' }, shares()),
    title('refer_friends'),
    own.friends.length > 0 && [
      p(word('refer_progress', { done: own.completed, all: own.friends.length }), 'mute'),
      bar((own.completed / own.friends.length) * 100, 'friends'),
    ],
    own.friends.length
      ? h('ul', {}, own.friends.map(friend))
      : p(word('refer_none'), 'empty'),
  ];
  const guest = () =>
    store.offer && [
      h('div', { class: 'hero' }, icon('gift'), p(store.offer.title, 'big'), p(store.offer.text)),
      !views.root &&
        h(
          'p',
          { class: 'links' },
          h('a', { class: 'button full', href: store.page.register_url }, word('register')),
          h('a', { class: 'button', href: store.page.sign_in_url }, word('sign_in')),
        ),
    ];
  return {
    enter: load,
    paint() {
      if (!store.page.member) return [guest()];
      if (problem) return [kit.alertBox(problem, load)];
      if (!own) return kit.skeleton();
      return own.active ? member() : [p(word('refer_off'), 'box')];
    },
  };
}
