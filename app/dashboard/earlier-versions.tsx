import { useFetcher } from '@remix-run/react';
import { Button, InlineStack, Text } from '@shopify/polaris';
import { useTranslation } from 'react-i18next';
import { SectionCard } from './section-card.tsx';
import { OutcomeBanner } from './outcome-banner.tsx';
import type { Refusal } from './refusal.ts';
import { useFormat } from './shop.ts';

const SHOWN = 5;

interface EarlierVersionsProps {
  /** Whose versions they are; the texts are under `<of>.versions`. */
  readonly of: 'program' | 'content';
  /** Newest first; the first one is current. */
  readonly versions: readonly { readonly version: number; readonly savedAt: string }[];
  /** Form fields of the page's action besides `intent: restore` and the version. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly isDirty: boolean;
}

/** Earlier versions, each of which can be restored; restoring can be undone too. */
export function EarlierVersions({ of, versions, fields = {}, isDirty }: EarlierVersionsProps) {
  const { t } = useTranslation();
  const { dateTime, number } = useFormat();
  const fetcher = useFetcher<{ ok: true } | Refusal>();
  const [current, ...earlier] = versions;
  const result = fetcher.state === 'idle' ? fetcher.data : undefined;
  if (current === undefined) return null;
  return (
    <SectionCard title={t(`${of}.versions.title`)}>
      <Text as="p" tone="subdued">
        {t(`${of}.versions.help`)}
      </Text>
      <OutcomeBanner
        answer={result}
        success={result?.ok === true ? t(`${of}.versions.restored`) : undefined}
        problem={result?.ok === false ? result.problem : undefined}
      />
      <Text as="p">
        {t(`${of}.versions.current`, {
          version: number(current.version),
          date: dateTime(current.savedAt),
        })}
      </Text>
      {earlier.slice(0, SHOWN).map(({ version, savedAt }) => (
        <InlineStack key={version} align="space-between" blockAlign="center" gap="200">
          <Text as="p">
            {t(`${of}.versions.earlier`, { version: number(version), date: dateTime(savedAt) })}
          </Text>
          <Button
            size="slim"
            disabled={isDirty || fetcher.state !== 'idle'}
            accessibilityLabel={t(`${of}.versions.restoreOf`, { version: number(version) })}
            onClick={() =>
              fetcher.submit(
                { ...fields, intent: 'restore', version: String(version) },
                { method: 'post' },
              )
            }
          >
            {t(`${of}.versions.restore`)}
          </Button>
        </InlineStack>
      ))}
    </SectionCard>
  );
}
