import { BlockStack, Box, Button, Popover, Text } from '@shopify/polaris';
import { InfoIcon } from '@shopify/polaris-icons';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** What a number counts and of which days, a press away: reachable by keyboard and by touch, which a tooltip is not. */
export function Definition({ name, text, period }: { name: string; text: string; period: string }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover
      active={isOpen}
      onClose={() => setOpen(false)}
      ariaHaspopup="dialog"
      activator={
        <Button
          icon={InfoIcon}
          variant="tertiary"
          size="micro"
          accessibilityLabel={t('home.figures.about', { name })}
          onClick={() => setOpen(!isOpen)}
        />
      }
    >
      <Box padding="400" maxWidth="20rem">
        <BlockStack gap="200">
          <Text as="p">{text}</Text>
          <Text as="p" tone="subdued">
            {period}
          </Text>
        </BlockStack>
      </Box>
    </Popover>
  );
}
