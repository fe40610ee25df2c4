import { Autocomplete, BlockStack, InlineStack, Tag } from '@shopify/polaris';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../dashboard/shop.ts';
import { COUNTRIES } from './countries.ts';

interface CountryPickerProps {
  selected: readonly string[];
  onChange: (codes: string[]) => void;
  disabled: boolean;
}

/** Countries by their names in the reader's language; selected ones are shown below as tags. */
export default function CountryPicker({ selected, onChange, disabled }: CountryPickerProps) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const [typed, setTyped] = useState('');
  const all = useMemo(() => {
    const names = new Intl.DisplayNames(language, { type: 'region' });
    return COUNTRIES.map((code) => ({ value: code, label: names.of(code) ?? code })).sort((a, b) =>
      a.label.localeCompare(b.label, language),
    );
  }, [language]);
  const wanted = typed.trim().toLocaleLowerCase(language);
  const options = all.filter(({ label }) => label.toLocaleLowerCase(language).includes(wanted));
  const nameOf = (code: string) => all.find(({ value }) => value === code)?.label ?? code;
  return (
    <BlockStack gap="200">
      <Autocomplete
        allowMultiple
        options={options}
        selected={[...selected]}
        onSelect={onChange}
        emptyState={t('campaign.audience.noCountry')}
        textField={
          <Autocomplete.TextField
            label={t('campaign.audience.countries')}
            helpText={t('campaign.audience.countriesHelp')}
            value={typed}
            onChange={setTyped}
            disabled={disabled}
            autoComplete="off"
          />
        }
      />
      {selected.length > 0 && (
        <InlineStack gap="200">
          {selected.map((code) => (
            <Tag
              key={code}
              disabled={disabled}
              onRemove={() => onChange(selected.filter((other) => other !== code))}
            >
              {nameOf(code)}
            </Tag>
          ))}
        </InlineStack>
      )}
    </BlockStack>
  );
}
