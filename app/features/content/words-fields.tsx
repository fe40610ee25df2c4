import { BlockStack, TextField } from '@shopify/polaris';
import { useFormat } from '../../dashboard/shop.ts';
import { LANGUAGES, type Language } from '../../i18n/languages.ts';
import type { Words } from './content-form.ts';

interface WordsFieldsProps {
  /** As core names it: `panel.welcome`. */
  readonly name: string;
  readonly label: (language: string) => string;
  readonly words: Words;
  readonly defaultLanguage: Language;
  /** What shoppers read where the shop has written nothing. */
  readonly own?: Words | undefined;
  readonly maxLength: number;
  readonly multiline?: boolean;
  readonly errorOf: (name: string) => string | undefined;
  readonly onChange: (name: string, words: Words) => void;
}

/** A text in each language; an empty one shows what is read instead. */
export function WordsFields({
  name,
  label,
  words,
  defaultLanguage,
  own,
  maxLength,
  multiline = false,
  errorOf,
  onChange,
}: WordsFieldsProps) {
  const { languageName } = useFormat();
  const insteadOf = (language: Language) =>
    words[defaultLanguage].trim() || words.en.trim() || own?.[language] || '';
  return (
    <BlockStack gap="400">
      {LANGUAGES.map((language) => (
        <TextField
          key={language}
          label={label(languageName(language))}
          value={words[language]}
          onChange={(value) => onChange(`${name}.${language}`, { ...words, [language]: value })}
          error={errorOf(`${name}.${language}`)}
          placeholder={insteadOf(language)}
          maxLength={maxLength}
          multiline={multiline ? 2 : false}
          autoComplete="off"
        />
      ))}
    </BlockStack>
  );
}
