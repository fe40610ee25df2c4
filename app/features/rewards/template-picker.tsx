import { BlockStack, Button, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogSection } from '../../dashboard/dialog.tsx';
import { formFromTemplate, templates } from './reward-templates.ts';
import type { Template } from './reward-templates.ts';
import { useWorth } from './worth.ts';

/** What to begin a reward with, each with what it usually costs and gives. */
export function TemplatePicker({
  currency,
  onClose,
  onChoose,
}: {
  currency: string;
  onClose: () => void;
  onChoose: (template: Template) => void;
}) {
  const { t } = useTranslation();
  const worth = useWorth(currency);
  return (
    <Dialog onClose={onClose} title={t('rewards.choose')}>
      <DialogSection>
        <BlockStack gap="200">
          {templates.map((template) => {
            const form = formFromTemplate(template, currency);
            return (
              <Button
                key={template}
                fullWidth
                textAlign="left"
                size="large"
                onClick={() => onChoose(template)}
              >
                {t('rewards.templateLine', {
                  name: t(`rewards.template.${template}`),
                  cost: worth.cost(form) ?? '',
                  value: worth.value(form) ?? '',
                })}
              </Button>
            );
          })}
          <Text as="p" tone="subdued">
            {t('rewards.chooseHelp')}
          </Text>
        </BlockStack>
      </DialogSection>
    </Dialog>
  );
}
