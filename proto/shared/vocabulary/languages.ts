/** Languages of every word that a merchant or a shopper sees; a further one is one more entry here and its words. */
export const LANGUAGES = ['en', 'es', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];
