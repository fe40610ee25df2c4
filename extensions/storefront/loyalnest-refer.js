/** Refer a friend: the member's own link, ways to share it, and what became of those who followed it. */
export function referrals(kit) {
  const { h, p, word, title, button, icon, bar, store } = kit;
  let own = null;
  let problem = null;
  const load = async () => {
    try {
      const body = { device: store.recall('device') ?? '' };
      own = await (await store.ask('referrals', { body })).json();
      problem = null;
    } catch {
      problem = store.troubleNow();
    }
    kit.renew();
  };
  const linkBy = (channel) =>
    new URL(`${store.page.proxy}/r/${own.code}?c=${channel}`, location).href;
  const share = ({ channel, label, href }) =>
    h(
      'a',
      {
        class: 'button small',
        href: href.replace('[link]', encodeURIComponent(linkBy(channel))),
        // Not for sms: and mailto:, which leave an empty page.
        target: href[0] === 'h' && '_blank',
      },
      label,
    );
  const more = () => navigator.share({ text: own.message, url: linkBy('social') }).catch(() => {});
  const friend = ({ name, note, at, points }) =>
    h(
      'li',
      {},
      icon('person'),
      h('div', {}, p(name, 'strong'), p(`${note} · ${kit.day(at)}`, 'mute')),
      points > 0 && h('bdi', { class: 'chip' }, `+${store.number(points)}`),
    );
  const linked = () => [
    h(
      'div',
      { class: 'code' },
      h('code', {}, linkBy('copy')),
      button(word('copy'), (event) => kit.copy(event, linkBy('copy')), 'full small', {
        'aria-label': word('refer_copy'),
      }),
    ),
    h(
      'div',
      { class: 'links' },
      own.shares.map(share),
      own.message && navigator.share && button(word('refer_more'), more, 'small'),
    ),
    title('refer_friends'),
    own.friends.length > 0 && bar(own.percent, 'friends'),
    p(own.progress, 'mute'),
    h('ul', {}, own.friends.map(friend)),
  ];
  return {
    enter: load,
    paint: () =>
      problem
        ? [kit.alertBox(problem, load)]
        : own
          ? [
              h('div', { class: 'hero' }, icon('gift'), p(own.title, 'big'), p(own.text, 'mute')),
              own.code && linked(),
            ].flat()
          : kit.skeleton(),
  };
}
