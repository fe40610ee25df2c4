import { BlockStack, Button, InlineStack, Text, TextField } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../dashboard/shop.ts';
import {
  contrastWithWhite,
  isColor,
  LEAST_CONTRAST,
  nearestReadable,
  tidyColor,
} from './contrast.rules.ts';

interface ColorFieldProps {
  readonly label: string;
  /** What holds while it is empty, in words. */
  readonly help: string;
  /** What the picker shows while nothing is chosen. */
  readonly fallback: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (color: string) => void;
}

/** A color for white text: shows its contrast while it is typed, and suggests an alternative if it fails. */
export function ColorField({ label, help, fallback, value, error, onChange }: ColorFieldProps) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const color = tidyColor(value);
  const contrast = isColor(color) ? contrastWithWhite(color) : undefined;
  const isPale = contrast !== undefined && contrast < LEAST_CONTRAST;
  const ratio = new Intl.NumberFormat(language, {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    // 4.46 is not 4.5.
    roundingMode: 'floor',
  }).format(contrast ?? 0);
  const readable = isPale ? nearestReadable(color) : '';
  return (
    <BlockStack gap="200">
      <TextField
        label={label}
        value={value}
        onChange={onChange}
        onBlur={() => onChange(tidyColor(value))}
        error={isPale ? t('content.color.pale', { ratio }) : error}
        helpText={
          contrast === undefined
            ? help
            : isPale
              ? undefined
              : t('content.color.readable', { ratio })
        }
        placeholder={fallback}
        maxLength={20}
        clearButton
        onClearButtonClick={() => onChange('')}
        spellCheck={false}
        autoComplete="off"
        prefix={
          <input
            type="color"
            className="ln-color"
            aria-label={t('content.color.pick', { label })}
            value={isColor(color) ? color : fallback}
            onChange={(event) => onChange(event.currentTarget.value)}
          />
        }
      />
      <div aria-live="polite" className="ln-live">
        {isPale && (
          <InlineStack gap="200" blockAlign="center">
            <Text as="span" tone="subdued">
              {t('content.color.nearest')}
            </Text>
            <Button size="slim" onClick={() => onChange(readable)}>
              {t('content.color.use', { color: readable })}
            </Button>
          </InlineStack>
        )}
      </div>
    </BlockStack>
  );
}
