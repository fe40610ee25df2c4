import { useAppBridge } from '@shopify/app-bridge-react';
import {
  BlockStack,
  Button,
  Checkbox,
  ChoiceList,
  FormLayout,
  InlineStack,
  Tag,
  Text,
  TextField,
} from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { EarningForm } from './earning-form.ts';
import type { ProgramPart } from './program-editor.tsx';
import { choicesOf } from '../../dashboard/choices.ts';
import { FormSection } from '../../dashboard/form-section.tsx';
import { PARTICIPANTS, STACKINGS, type Participants, type Stacking } from '#vocabulary/earning.ts';

interface DetailsProps {
  part: ProgramPart;
}

/** Who earns by buying, and by what not. */
export function Participants({ part }: DetailsProps) {
  const { t } = useTranslation();
  const { earning } = part.form;
  return (
    <FormSection title={t('program.participants.title')}>
      <ChoiceList
        title={t('program.participants.label')}
        choices={choicesOf<Participants>({
          all: {
            label: t('program.participants.all'),
            helpText: t('program.participants.allHelp'),
          },
          accounts: {
            label: t('program.participants.accounts'),
            helpText: t('program.participants.accountsHelp'),
          },
        })}
        selected={[earning.participants]}
        onChange={([value]) =>
          part.setEarning('participants', (current) => ({
            ...current,
            participants: PARTICIPANTS.find((one) => one === value) ?? current.participants,
          }))
        }
      />
      <ExcludedProducts part={part} />
    </FormSection>
  );
}

function ExcludedProducts({ part }: DetailsProps) {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const { excluded } = part.form.earning;
  const setExcluded = (next: EarningForm['excluded']) =>
    part.setEarning('excluded', (current) => ({ ...current, excluded: next }));
  const pick = async () => {
    const chosen = await shopify.resourcePicker({
      type: 'product',
      multiple: 250,
      action: 'select',
      filter: { variants: false },
      selectionIds: excluded.map(({ productId }) => ({ id: `gid://shopify/Product/${productId}` })),
    });
    if (chosen === undefined) return;
    setExcluded(
      chosen.flatMap(({ id, title }) => {
        const productId = /\/Product\/(\d+)$/.exec(id)?.[1];
        return productId === undefined ? [] : [{ productId, title }];
      }),
    );
  };
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        {t('program.excluded.title')}
      </Text>
      <Text as="p" tone="subdued">
        {excluded.length === 0 ? t('program.excluded.none') : t('program.excluded.help')}
      </Text>
      {excluded.length > 0 && (
        <InlineStack gap="200">
          {excluded.map(({ productId, title }) => (
            <Tag
              key={productId}
              onRemove={() => setExcluded(excluded.filter((one) => one.productId !== productId))}
            >
              {title === '' ? productId : title}
            </Tag>
          ))}
        </InlineStack>
      )}
      <InlineStack>
        <Button onClick={() => void pick()}>{t('program.excluded.pick')}</Button>
      </InlineStack>
    </BlockStack>
  );
}

/** What multiplies the points of a purchase. */
export function Multipliers({ part: { form, errorOf, setEarning } }: DetailsProps) {
  const { t } = useTranslation();
  const { earning } = form;
  const factor = (
    enabled: 'firstEnabled' | 'championsEnabled',
    field: 'firstFactor' | 'championsFactor',
    words: 'first' | 'champions',
  ) => (
    <FormLayout>
      <Checkbox
        label={t(`program.multipliers.${words}`)}
        helpText={t(`program.multipliers.${words}Help`)}
        checked={earning[enabled]}
        onChange={(value) => setEarning(field, (current) => ({ ...current, [enabled]: value }))}
      />
      {earning[enabled] && (
        <TextField
          label={t(`program.multipliers.${words}Factor`)}
          value={earning[field]}
          onChange={(value) => setEarning(field, (current) => ({ ...current, [field]: value }))}
          error={errorOf(field)}
          prefix="×"
          inputMode="decimal"
          autoComplete="off"
        />
      )}
    </FormLayout>
  );
  return (
    <FormSection title={t('program.multipliers.title')}>
      {factor('firstEnabled', 'firstFactor', 'first')}
      {factor('championsEnabled', 'championsFactor', 'champions')}
      <ChoiceList
        title={t('program.multipliers.stacking')}
        choices={choicesOf<Stacking>({
          highest: {
            label: t('program.multipliers.highest'),
            helpText: t('program.multipliers.highestHelp'),
          },
          multiply: {
            label: t('program.multipliers.multiply'),
            helpText: t('program.multipliers.multiplyHelp'),
          },
        })}
        selected={[earning.stacking]}
        onChange={([value]) =>
          setEarning('stacking', (current) => ({
            ...current,
            stacking: STACKINGS.find((one) => one === value) ?? current.stacking,
          }))
        }
      />
    </FormSection>
  );
}
