const NAMES = { en: 'English', es: 'Español', fr: 'Français' };
const texts = {};
const short = (locale) => locale.slice(0, 2).toLowerCase();
const spoken = (locale) => (NAMES[short(locale)] ? short(locale) : 'en');
async function wordsOf(store, language) {
  texts[language] ??= fetch(store.asset(`${language}.json`)).then((answer) => {
    if (!answer.ok) throw answer;
    return answer.json();
  });
  try {
    return await texts[language];
  } catch (failure) {
    delete texts[language];
    throw failure;
  }
}
export async function speak(store) {
  store.words = await wordsOf(store, spoken(store.locale));
}
export function own({ page, locale }, name) {
  const texts = page.own?.[name];
  return texts?.[short(locale)] ?? texts?.[page.default_language] ?? texts?.en;
}
export const others = (store) =>
  (store.data?.points_name ?? own(store, 'points'))?.other ??
  (store.word('points') || store.page.points_other);
function retell(store, root) {
  for (const part of root.querySelectorAll('[data-word],[data-own]')) {
    const text = part.dataset.own
      ? own(store, part.dataset.own)
      : store.word(part.dataset.word, { points: others(store) });
    if (text) part.textContent = text;
    part.lang = languageOf(store);
  }
}
function turn(store, locale, words) {
  store.retell = (root) => retell(store, root);
  store.speakIn(locale, words);
}
export async function settle(store) {
  const chosen = store.recall('language');
  if (NAMES[chosen] && chosen !== short(store.locale)) {
    turn(store, chosen, await wordsOf(store, chosen));
  } else if (!NAMES[short(store.locale)]) {
    store.track('language_fallback_triggered', {}, true);
  }
}
export const languageOf = (store) => spoken(store.locale);
/** The page's own, unless the words are of another language than the page: all of ours run from left to right. */
export const directionOf = (store) =>
  store.locale === store.page.locale && NAMES[short(store.locale)] ? '' : 'ltr';
export function picker(kit) {
  const { h, store } = kit;
  const language = spoken(store.locale);
  return h(
    'label',
    { class: 'language' },
    h('span', {}, store.word('language')),
    h(
      'select',
      {
        change: async ({ target: { value } }) => {
          try {
            const words = await wordsOf(store, value);
            store.recall('language', value);
            store.track('language_selected', { language: value });
            turn(store, value, words);
            await store.soon();
            kit.renew();
          } catch {
            kit.say(store.word(store.troubleNow()));
            kit.renew();
          }
        },
      },
      ...Object.entries(NAMES).map(([code, name]) =>
        h('option', { value: code, lang: code, selected: code === language && '' }, name),
      ),
    ),
  );
}
