import { BlockStack, Box, Text } from '@shopify/polaris';
import { lazy, Suspense, type ReactNode } from 'react';
import type { Drawing } from './illustrations.tsx';

const Illustration = lazy(() =>
  import('./illustrations.tsx').then((module) => ({ default: module.Illustration })),
);

interface NothingHereProps {
  title?: string;
  body: string;
  /** For a page that is not used yet; not for a search without results. */
  drawing?: Drawing;
  /** The first step. */
  action?: ReactNode;
}

/** What a list says when it has no rows: why, and what fills it. */
export function NothingHere({ title, body, drawing, action }: NothingHereProps) {
  return (
    <Box padding="800">
      <BlockStack gap="300" inlineAlign="center">
        {drawing !== undefined && (
          <div className="ln-drawing">
            <Suspense fallback={null}>
              <Illustration of={drawing} />
            </Suspense>
          </div>
        )}
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
