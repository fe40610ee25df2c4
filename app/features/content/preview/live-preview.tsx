import { useFetcher } from '@remix-run/react';
import { Card, Text } from '@shopify/polaris';
import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { PreviewSlot, StorefrontDraft } from '../../../dashboard/preview-slot.ts';
import { LANGUAGES, type Language } from '../../../i18n/languages.ts';
import { formOf } from '../content-form.ts';
import type { LivePreviewData } from './live-preview.server.ts';
import type { PreviewSample } from './storefront-preview.tsx';

const StorefrontPreview = lazy(() =>
  import('./storefront-preview.tsx').then((module) => ({ default: module.StorefrontPreview })),
);

/** The panel with a form's values. What it takes is asked for after the form is there, which works without it. */
export const LivePreview: PreviewSlot = function LivePreview({ view, draft }) {
  const { t } = useTranslation();
  const { load, data } = useFetcher<LivePreviewData>();
  useEffect(() => load('/app/preview'), [load]);
  if (data?.shop === null)
    return (
      <Card>
        <Text as="p" tone="subdued">
          {t('preview.failed')}
        </Text>
      </Card>
    );
  const waiting = (
    <Card>
      <div className="ln-stage ln-stage-to-come" aria-busy="true" />
    </Card>
  );
  if (data === undefined) return waiting;
  const { content, defaultLanguage, samples } = data.shop;
  return (
    <div className="ln-beside">
      <Suspense fallback={waiting}>
        <StorefrontPreview
          form={formOf(content)}
          surface="panel"
          view={view}
          isNarrow
          defaultLanguage={defaultLanguage}
          samples={drafted(samples, draft)}
        />
      </Suspense>
    </div>
  );
};

function drafted(
  samples: Readonly<Record<Language, PreviewSample>>,
  draft: StorefrontDraft,
): Record<Language, PreviewSample> {
  const entries = LANGUAGES.map((language) => {
    const { guest, member } = samples[language];
    const changes = draft(language);
    return [language, { guest: { ...guest, ...changes }, member: { ...member, ...changes } }];
  });
  return Object.fromEntries(entries) as Record<Language, PreviewSample>;
}
