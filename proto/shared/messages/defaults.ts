import type { Language } from '../vocabulary/languages.ts';
import type { MessageType } from '../vocabulary/messages.ts';
import type { MessageWords } from './blocks.ts';
import { EN } from './defaults/en.ts';
import { ES } from './defaults/es.ts';
import { FR } from './defaults/fr.ts';

/** What is sent until a merchant writes something else. */
export const DEFAULT_WORDS: Readonly<
  Record<Language, Readonly<Record<MessageType, MessageWords>>>
> = { en: EN, es: ES, fr: FR };
