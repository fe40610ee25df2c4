import { useFetcher } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { ContentVersion } from '#proto/frontend/v1/content.ts';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import type { ContentSaved } from './content.server.ts';

const SHOWN = 5;

interface ContentVersionsProps {
  readonly versions: readonly ContentVersion[];
  /** What is on show, and would be taken the place of. */
  readonly version: number;
  readonly isDirty: boolean;
}

/** What the shop showed before, each of which can be taken up again; that, too, can be undone. */
export function ContentVersions({ versions, version: now, isDirty }: ContentVersionsProps) {
  const { t } = useTranslation();
  const { dateTime, number } = useFormat();
  const fetcher = useFetcher<ContentSaved>();
  const [current, ...earlier] = versions;
  const result = fetcher.state === 'idle' ? fetcher.data : undefined;
  if (current === undefined) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('content.versions.title')}
        </Text>
        <Text as="p" tone="subdued">
          {t('content.versions.help')}
        </Text>
        <OutcomeBanner
          answer={result}
          success={result?.ok === true ? t('content.versions.restored') : undefined}
          problem={result?.ok === false ? result.problem : undefined}
        />
        <Text as="p">
          {t('content.versions.current', {
            version: number(current.version),
            date: dateTime(current.savedAt),
          })}
        </Text>
        {earlier.slice(0, SHOWN).map(({ version, savedAt }) => (
          <InlineStack key={version} align="space-between" blockAlign="center" gap="200">
            <Text as="p">
              {t('content.versions.earlier', { version: number(version), date: dateTime(savedAt) })}
            </Text>
            <Button
              size="slim"
              disabled={isDirty || fetcher.state !== 'idle'}
              accessibilityLabel={t('content.versions.restoreOf', { version: number(version) })}
              onClick={() =>
                fetcher.submit(
                  { intent: 'restore', version: String(version), currentVersion: String(now) },
                  { method: 'post' },
                )
              }
            >
              {t('content.versions.restore')}
            </Button>
          </InlineStack>
        ))}
      </BlockStack>
    </Card>
  );
}
