import type { ComponentType } from 'react';
import type { Language } from '../i18n/languages.ts';

/** What a form changes of the storefront's data, in a language: fields of the widget's JSON (docs/widget.md). */
export type StorefrontDraft = (language: Language) => Readonly<Record<string, unknown>>;

/**
 * The storefront beside a form, as shoppers would see it. A page is given it by its route: it is drawn by the shoppers' own
 * script, with the form's values in place of what is saved.
 */
export type PreviewSlot = ComponentType<{
  /** The part of the panel that is open. */
  readonly view: 'home' | 'rewards' | 'tiers';
  readonly draft: StorefrontDraft;
}>;
