import { BlockStack, Card, FormLayout, Text } from '@shopify/polaris';
import type { ReactNode } from 'react';

/** A card of a form: its fields belong together under one heading. */
export function FormSection({ title, children }: { title: string; children: ReactNode }) {
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
