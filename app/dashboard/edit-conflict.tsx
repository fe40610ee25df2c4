import { Banner, BlockStack, Button, ButtonGroup } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { Conflict } from './saved-form.ts';

interface EditConflictProps {
  conflict: Conflict;
  /** Saves what was typed over the named revision. */
  onOverwrite: (revision: string) => void;
}

/** Another user saved this page meanwhile: load their version, or overwrite it. */
export function EditConflict({ conflict, onOverwrite }: EditConflictProps) {
  const { t } = useTranslation();
  return (
    <Banner tone="warning" title={t('conflict.title')}>
      <BlockStack gap="300" inlineAlign="start">
        <p>{t('conflict.body')}</p>
        <ButtonGroup>
          <Button loading={conflict.isLoading} onClick={conflict.takeTheirs}>
            {t('conflict.load')}
          </Button>
          <Button
            tone="critical"
            disabled={conflict.isLoading}
            onClick={() => onOverwrite(conflict.newest)}
          >
            {t('conflict.overwrite')}
          </Button>
        </ButtonGroup>
      </BlockStack>
    </Banner>
  );
}
