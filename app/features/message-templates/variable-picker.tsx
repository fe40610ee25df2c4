import { Button, InlineStack, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { variableKinds } from '../../../proto/shared/messages/check.ts';
import type { SentType } from './template-form.ts';
import type { VariableName } from './variable-names.ts';

/** The values that messages of the type have; one that is pressed goes to where the text cursor was. */
export function VariablePicker({
  type,
  onPick,
}: {
  type: SentType;
  onPick: (variable: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <InlineStack gap="150" blockAlign="center">
      <Text as="span" tone="subdued">
        {t('templates.insert')}
      </Text>
      {Object.keys(variableKinds(type)).map((name) => (
        <Button key={name} size="micro" onClick={() => onPick(name)}>
          {t(`templates.variables.${name as VariableName}`)}
        </Button>
      ))}
    </InlineStack>
  );
}

/**
 * Writes a variable into the field of a part of the page that was typed in last. The field is told as if someone had
 * typed it, so its form hears of it, too.
 */
export function insertAt(part: HTMLElement | null, variable: string): void {
  const fields = [...(part?.querySelectorAll<Field>('input[type=text], textarea') ?? [])];
  const field = fields.find((each) => each === lastField) ?? fields[0];
  if (field === undefined) return;
  const [from, to] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? undefined];
  const text = `{{ ${variable} }}`;
  const value = field.value.slice(0, from) + text + field.value.slice(to ?? from);
  const prototype = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
  Object.getOwnPropertyDescriptor(prototype.prototype, 'value')?.set?.call(field, value);
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.focus();
  field.setSelectionRange(from + text.length, from + text.length);
}

type Field = HTMLInputElement | HTMLTextAreaElement;
let lastField: Element | undefined;
if (typeof document !== 'undefined')
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)
      lastField = target;
  });
