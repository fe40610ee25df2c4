import type { MESSAGE_VARIABLES } from '#vocabulary/messages.ts';
import type { SentType } from './template-form.ts';

/** What the messages that something sends can name; each has a word in every language. */
export type VariableName = {
  [Type in SentType]: keyof (typeof MESSAGE_VARIABLES)[Type];
}[SentType];
