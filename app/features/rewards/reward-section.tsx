import { BlockStack, Card, FormLayout, Text } from '@shopify/polaris';
import type { ReactNode } from 'react';

export function RewardSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        <FormLayout>{children}</FormLayout>
      </BlockStack>
    </Card>
  );
}
