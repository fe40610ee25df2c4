import { useFetcher } from '@remix-run/react';
import { Banner, Button, Card, InlineStack, Layout } from '@shopify/polaris';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TabList } from '../../dashboard/tab-list.tsx';
import { EarlierVersions } from '../../dashboard/earlier-versions.tsx';
import { EditorPage } from '../../dashboard/editor-page.tsx';
import type { Refusal } from '../../dashboard/refusal.ts';
import { useSavedForm } from '../../dashboard/saved-form.ts';
import { LANGUAGES, type Language } from '../../i18n/languages.ts';
import { ContentSection, type OwnWords } from './content-sections.tsx';
import type { ContentData, ContentSaved } from './content.server.ts';
import {
  formOf,
  isSameContent,
  surfaceOf,
  SURFACES,
  type ContentForm,
  type Surface,
  type Words,
} from './content-form.ts';
import type { PreviewSample, StorefrontPreviewProps } from './preview/storefront-preview.tsx';

const StorefrontPreview = lazy(() =>
  import('./preview/storefront-preview.tsx').then((module) => ({
    default: module.StorefrontPreview,
  })),
);

export interface ContentPageProps extends ContentData {
  /** The shop's program as shoppers see it. */
  readonly samples: Readonly<Record<Language, PreviewSample>>;
  readonly isProgramActive: boolean;
}

/** What shoppers read and see: a tab for each part of the storefront, with the storefront beside it. */
export function ContentPage(props: ContentPageProps) {
  const { content, version, versions, defaultLanguage, samples } = props;
  const { t } = useTranslation();
  const fetcher = useFetcher<ContentSaved>();
  const editing = useSavedForm(formOf(content), isSameContent, fetcher, String(version));
  const { form, isDirty, errorOf, change } = editing;
  const [surface, setSurface] = useSurface(editing.refusal);

  const save = (over = editing.revision) =>
    editing.send(() =>
      fetcher.submit(
        { intent: 'save', version: over, content: JSON.stringify(form) },
        { method: 'post' },
      ),
    );

  return (
    <EditorPage
      title={t('content.title')}
      help="setup"
      editing={editing}
      onSave={save}
      saved={t('content.saved')}
      notSaved={t('content.notSaved')}
    >
      {!props.isProgramActive && (
        <Banner tone="info">
          <p>{t('content.programOff')}</p>
        </Banner>
      )}
      <InlineStack align="end">
        <Button url="/app/content/messages">{t('content.messages')}</Button>
      </InlineStack>
      <SurfaceTabs surface={surface} onSelect={setSurface} />
      <Layout>
        <Layout.Section variant="oneThird">
          <div id="content-panel" role="tabpanel" aria-labelledby={`content-${surface}`}>
            <ContentSection
              surface={surface}
              form={form}
              ownWords={ownWordsOf(props)}
              defaultLanguage={defaultLanguage}
              errorOf={errorOf}
              {...changersOf(change)}
            />
          </div>
        </Layout.Section>
        <Layout.Section>
          <Beside {...{ form, surface, defaultLanguage, samples }} />
        </Layout.Section>
        <Layout.Section variant="fullWidth">
          <EarlierVersions
            of="content"
            versions={versions}
            fields={{ currentVersion: String(version) }}
            isDirty={isDirty}
          />
        </Layout.Section>
      </Layout>
    </EditorPage>
  );
}

/** The part of the storefront that is looked at. */
function useSurface(refusal: Refusal | undefined) {
  const [surface, setSurface] = useState<Surface>('launcher');
  // The first field that was refused may be in another tab.
  const [answered, setAnswered] = useState(refusal);
  if (refusal !== answered) {
    setAnswered(refusal);
    const refusedIn = Object.keys(refusal?.fields ?? {}).map(surfaceOf);
    const first = SURFACES.find((each) => refusedIn.includes(each));
    if (first !== undefined && !refusedIn.includes(surface)) setSurface(first);
  }
  return [surface, setSurface] as const;
}

function SurfaceTabs({
  surface,
  onSelect,
}: {
  surface: Surface;
  onSelect: (surface: Surface) => void;
}) {
  const { t } = useTranslation();
  return (
    <TabList
      label={t('content.title')}
      tabs={SURFACES.map((name) => ({
        name,
        id: `content-${name}`,
        content: t(`content.tabs.${name}`),
      }))}
      panelId="content-panel"
      selected={surface}
      onSelect={onSelect}
    />
  );
}

type Changers = Pick<Parameters<typeof ContentSection>[0], 'onChange' | 'onToggleCheckout'>;

/** What the sections of the form do to it. */
const changersOf = (
  change: (name: string, next: (current: ContentForm) => ContentForm) => void,
): Changers => ({
  onChange: (name, part, changes) =>
    change(name, (current) => ({
      ...current,
      [part]: { ...(current[part] as object), ...(changes as object) },
    })),
  onToggleCheckout: (checkoutPointsDisplay) =>
    change('checkout_points_display', (current) => ({ ...current, checkoutPointsDisplay })),
});

function Beside(props: StorefrontPreviewProps) {
  return (
    <div className="ln-beside">
      <Suspense fallback={<PreviewToCome />}>
        <StorefrontPreview {...props} />
      </Suspense>
    </div>
  );
}

/** The room that the preview will take. */
function PreviewToCome() {
  return (
    <Card>
      <div className="ln-stage ln-stage-to-come" aria-busy="true" />
    </Card>
  );
}

/** The widget's own words, with its blanks filled in as the sample's are. */
function ownWordsOf({ widgetWords, samples }: ContentPageProps): OwnWords {
  const fill = (words: Words): Words =>
    Object.fromEntries(
      LANGUAGES.map((language) => {
        const { guest, member } = samples[language];
        const points = guest.points_name.other;
        const blanks: Record<string, string> = {
          points,
          order: '#1001',
          balance: `${new Intl.NumberFormat(language).format(member.customer?.balance ?? 0)} ${points}`,
        };
        return [
          language,
          words[language].replace(/\[(\w+)\]/g, (_, part: string) => blanks[part] ?? ''),
        ];
      }),
    ) as Words;
  return {
    launcher: fill(widgetWords.launcher),
    welcome: fill(widgetWords.guest_text),
    pageTitle: fill(widgetWords.rewards),
    postPurchase: fill(widgetWords.earned_text),
  };
}
