import { useFetcher } from '@remix-run/react';
import { BlockStack, Button, Link, List, SkeletonBodyText, Text } from '@shopify/polaris';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { PreviewExclusionsResponse } from '#proto/admin/v1/participation.ts';
import { SectionCard } from '../../dashboard/section-card.tsx';
import { useFormat } from '../../dashboard/shop.ts';
import type { ParticipantsForm } from './typed-tags.rules.ts';
import type { PreviewData } from './participants.server.ts';

const ASK_AFTER_MS = 400;

/** Whom the form would exclude, asked again shortly after a change. */
export function ExclusionPreview({ form }: { form: ParticipantsForm }) {
  const { t } = useTranslation();
  const { load, data, state } = useFetcher<PreviewData>();
  const asked = new URLSearchParams([
    ...form.excludedTags.map((tag): [string, string] => ['tag', tag]),
    ['companies', String(form.excludesCompanies)],
  ]).toString();
  const ask = useRef(() => {});
  ask.current = () => load(`/app/program/participants/preview?${asked}`);
  useEffect(() => {
    const timer = setTimeout(() => ask.current(), ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [asked]);
  const isBusy = state !== 'idle';
  return (
    <SectionCard title={t('participants.preview.title')}>
      <div aria-live="polite" aria-busy={isBusy} className={isBusy && data ? 'ln-busy' : undefined}>
        {data === undefined ? (
          <SkeletonBodyText lines={3} />
        ) : data.preview === undefined ? (
          <BlockStack gap="200" inlineAlign="start">
            <Text as="p" tone="subdued">
              {t('participants.preview.unavailable')}
            </Text>
            <Button onClick={() => ask.current()}>{t('common.retry')}</Button>
          </BlockStack>
        ) : (
          <Concerned preview={data.preview} />
        )}
      </div>
    </SectionCard>
  );
}

/** How many they are, what they hold, and those who hold the most. */
function Concerned({ preview }: { preview: PreviewExclusionsResponse }) {
  const { t } = useTranslation();
  const { number, points } = useFormat();
  const { customers, first } = preview;
  if (customers === 0)
    return (
      <Text as="p" tone="subdued">
        {t('participants.preview.none')}
      </Text>
    );
  return (
    <BlockStack gap="200">
      <Text as="p" variant="headingMd">
        {t('participants.preview.customers', { count: customers, formatted: number(customers) })}
      </Text>
      <Text as="p">{t('participants.preview.points', { points: points(preview.points) })}</Text>
      <List gap="extraTight">
        {first.map((one) => (
          <List.Item key={one.customerId}>
            <Link url={`/app/customers/${one.customerId}`}>
              {`${one.firstName} ${one.lastName}`.trim() || one.email || t('participants.noName')}
            </Link>
            {` · ${points(one.balance)}`}
          </List.Item>
        ))}
      </List>
      {customers > first.length && (
        <Text as="p" tone="subdued">
          {t('participants.preview.first')}
        </Text>
      )}
    </BlockStack>
  );
}
