import { BlockStack, TextField } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { BLOCK_FIELDS, type MessageBlock } from '../../../proto/shared/messages/blocks.ts';
import { PictureField } from '../../dashboard/picture-field.tsx';

interface BlockFieldsProps {
  readonly block: MessageBlock;
  readonly errorOf: (field: string) => string | undefined;
  readonly onChange: (field: string, block: MessageBlock) => void;
}

/** What can be written in a block. */
export function BlockFields({ block, errorOf, onChange }: BlockFieldsProps) {
  const { t } = useTranslation();
  const values = block as unknown as Readonly<Record<string, string>>;
  const put = (field: string, value: string) => onChange(field, { ...block, [field]: value });
  return (
    <BlockStack gap="200">
      {Object.entries(BLOCK_FIELDS[block.type]).map(([name, most]) => {
        const field = name as BlockField;
        const shared = {
          label: t(`templates.field.${field}`),
          value: values[field] ?? '',
          error: errorOf(field),
          onChange: (value: string) => put(field, value),
        };
        return field === 'picture' ? (
          <PictureField key={field} {...shared} />
        ) : (
          <TextField
            key={field}
            {...shared}
            maxLength={most}
            autoComplete="off"
            {...(block.type === 'text' && {
              multiline: 4,
              helpText: t('templates.markup'),
            })}
          />
        );
      })}
    </BlockStack>
  );
}

type BlockField = 'text' | 'label' | 'href' | 'value' | 'picture' | 'alt';
