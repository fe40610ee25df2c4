import { useFetcher } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import type { ProgramVersion } from '#proto/points/v1/earning.ts';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import type { Refusal } from '../../dashboard/refusal.ts';
import { useFormat } from '../../dashboard/shop.ts';

/** What the rules were before, each of which can be taken up again; that, too, can be undone. */
export function ProgramVersions({
  versions,
  isDirty,
}: {
  versions: readonly ProgramVersion[];
  isDirty: boolean;
}) {
  const { t } = useTranslation();
  const { dateTime, number } = useFormat();
  const fetcher = useFetcher<{ ok: true; version: number } | Refusal>();
  const [current, ...earlier] = versions;
  const result = fetcher.state === 'idle' ? fetcher.data : undefined;
  if (current === undefined) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('program.versions.title')}
        </Text>
        <Text as="p" tone="subdued">
          {t('program.versions.help')}
        </Text>
        <OutcomeBanner
          answer={result}
          success={result?.ok === true ? t('program.versions.restored') : undefined}
          problem={result?.ok === false ? result.problem : undefined}
        />
        <Text as="p">
          {t('program.versions.current', {
            version: number(current.version),
            date: dateTime(current.savedAt),
          })}
        </Text>
        {earlier.slice(0, 5).map(({ version, savedAt }) => (
          <InlineStack key={version} align="space-between" blockAlign="center" gap="200">
            <Text as="p">
              {t('program.versions.earlier', { version: number(version), date: dateTime(savedAt) })}
            </Text>
            <Button
              size="slim"
              disabled={isDirty || fetcher.state !== 'idle'}
              accessibilityLabel={t('program.versions.restoreOf', { version: number(version) })}
              onClick={() =>
                fetcher.submit({ intent: 'restore', version: String(version) }, { method: 'post' })
              }
            >
              {t('program.versions.restore')}
            </Button>
          </InlineStack>
        ))}
      </BlockStack>
    </Card>
  );
}
