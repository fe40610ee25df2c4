import { BlockStack, Box, Text } from '@shopify/polaris';
import type { ReactNode } from 'react';

/** What a list says when it has no rows: why, and what fills it. */
export function NothingHere({
  title,
  body,
  action,
}: {
  title?: string;
  body: string;
  action?: ReactNode;
}) {
  return (
    <Box padding="800">
      <BlockStack gap="300" inlineAlign="center">
        {title !== undefined && (
          <Text as="h2" variant="headingMd" alignment="center">
            {title}
          </Text>
        )}
        <Text as="p" tone="subdued" alignment="center" breakWord>
          {body}
        </Text>
        {action}
      </BlockStack>
    </Box>
  );
}
