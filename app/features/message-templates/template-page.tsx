import { useFetcher } from '@remix-run/react';
import {
  BlockStack,
  Box,
  Button,
  Card,
  Checkbox,
  InlineStack,
  Layout,
  Select,
} from '@shopify/polaris';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogSection } from '../../dashboard/dialog.tsx';
import { EditorPage } from '../../dashboard/editor-page.tsx';
import { useSavedForm } from '../../dashboard/saved-form.ts';
import { useFormat } from '../../dashboard/shop.ts';
import { TabList } from '../../dashboard/tab-list.tsx';
import { LANGUAGES, type Language } from '../../i18n/languages.ts';
import {
  contentsOf,
  faultsOf,
  formOf,
  isSameTemplate,
  wordsOf,
  type Medium,
  type SentType,
  type TemplateForm,
  type WordsForm,
} from './template-form.ts';
import type { TemplateData, TemplateSaved } from './templates.server.ts';

const WordsEditor = lazy(() =>
  import('./words-editor.tsx').then((module) => ({ default: module.WordsEditor })),
);
const MessagePreview = lazy(() =>
  import('./message-preview.tsx').then((module) => ({ default: module.MessagePreview })),
);

const TestSend = lazy(() =>
  import('./test-send.tsx').then((module) => ({ default: module.TestSend })),
);

/** The words of one type of message, language by language, with the message beside them. */
export function TemplatePage({ type, template, defaults, members }: TemplateData) {
  const { t } = useTranslation();
  const fetcher = useFetcher<TemplateSaved>();
  const editing = useSavedForm(
    formOf(template, defaults),
    isSameTemplate,
    fetcher,
    String(template.version),
  );
  const { form, change, errorOf } = editing;
  const [language, setLanguage] = useState<Language>(form.fallbackLanguage);
  const [medium, setMedium] = useState<Medium>('email');
  const show = { setLanguage, setMedium };
  const { faultAt, isFine } = useFaults({ type, form, errorOf, language, show });
  const words = form.words[language];
  const changeWords = (field: string, next: (words: WordsForm) => WordsForm) =>
    change(`${language}.${field}`, (current) => ({
      ...current,
      words: { ...current.words, [language]: next(current.words[language]) },
    }));
  const save = (over = editing.revision) => {
    if (!isFine()) return;
    editing.send(() => fetcher.submit(formData(form, over), { method: 'post' }));
  };

  return (
    <EditorPage
      title={t(`templates.types.${type}.name`)}
      help="messages"
      backAction={{ content: t('templates.title'), url: '/app/content/messages' }}
      editing={editing}
      onSave={save}
      saved={t('templates.saved')}
      notSaved={t('templates.notSaved')}
    >
      <Settings form={form} change={change} />
      {template.contents.length > 0 && (
        <ResetAll
          isBusy={editing.isSaving}
          onReset={() =>
            editing.send(() =>
              fetcher.submit({ intent: 'reset', version: editing.revision }, { method: 'post' }),
            )
          }
        />
      )}
      <Layout>
        <Layout.Section variant="oneHalf">
          <WordsColumn
            {...{ type, form, defaults, language, setLanguage, medium, setMedium }}
            {...{ faultAt, isFine, changeWords }}
          />
        </Layout.Section>
        <Layout.Section variant="oneHalf">
          <div className="ln-beside">
            <Suspense fallback={<Waiting />}>
              <MessagePreview {...{ type, language, medium, words, members }} />
            </Suspense>
          </div>
        </Layout.Section>
      </Layout>
    </EditorPage>
  );
}

interface WordsColumnProps {
  readonly type: SentType;
  readonly form: TemplateForm;
  readonly defaults: TemplateData['defaults'];
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
  readonly medium: Medium;
  readonly setMedium: (medium: Medium) => void;
  readonly faultAt: (field: string) => string | undefined;
  readonly isFine: () => boolean;
  readonly changeWords: (field: string, next: (words: WordsForm) => WordsForm) => void;
}

/** The words in one language, and a way to see how they arrive. */
function WordsColumn(props: WordsColumnProps) {
  const { type, form, defaults, language, medium, faultAt, changeWords } = props;
  const words = form.words[language];
  return (
    <>
      <LanguageTabs {...{ form, language }} onSelect={props.setLanguage} />
      <BlockStack gap="400">
        <WordsSource
          isOwn={words.isOwn}
          onReset={() => changeWords('words', () => wordsOf(defaults[language], false))}
        />
        <div id="template-words" role="tabpanel" aria-labelledby={`template-${language}`}>
          <Suspense fallback={<Waiting />}>
            <WordsEditor
              key={language}
              {...{ type, language, medium, words }}
              onMedium={props.setMedium}
              errorOf={faultAt}
              onChange={(field, changes) =>
                changeWords(field, (current) => ({ ...current, ...changes, isOwn: true }))
              }
            />
          </Suspense>
        </div>
        <Suspense fallback={null}>
          <TestSend {...{ type, language, medium, words }} isFine={props.isFine} />
        </Suspense>
      </BlockStack>
    </>
  );
}

const formData = (form: TemplateForm, version: string) => ({
  version,
  template: JSON.stringify({
    enabled: form.enabled,
    fallbackLanguage: form.fallbackLanguage,
    contents: contentsOf(form),
  }),
});

interface Checked {
  readonly type: SentType;
  readonly form: TemplateForm;
  readonly errorOf: (name: string) => string | undefined;
  readonly language: Language;
  readonly show: {
    readonly setLanguage: (language: Language) => void;
    readonly setMedium: (medium: Medium) => void;
  };
}

/** What is wrong with the words, as core would say it: looked for when they are to be saved, and from then on. */
function useFaults({ type, form, errorOf, language, show }: Checked) {
  const { t } = useTranslation();
  const [isChecked, setChecked] = useState(false);
  const faults = isChecked ? faultsOf(type, form) : {};
  return {
    faultAt: (field: string) => {
      const problem = faults[`${language}.${field}`];
      return problem === undefined
        ? errorOf(`${language}.${field}`)
        : t(`templates.problems.${problem}`);
    },
    isFine: () => {
      setChecked(true);
      const [first] = Object.keys(faultsOf(type, form));
      // It may be in another tab.
      const [at, part] = first?.split('.') ?? [];
      const tab = LANGUAGES.find((each) => each === at);
      if (tab === undefined) return true;
      show.setLanguage(tab);
      show.setMedium(part === 'text' ? 'sms' : 'email');
      return false;
    },
  };
}

function Settings({
  form,
  change,
}: {
  form: TemplateForm;
  change: (name: string, next: (current: TemplateForm) => TemplateForm) => void;
}) {
  const { t } = useTranslation();
  const { languageName } = useFormat();
  return (
    <Card>
      <InlineStack gap="400" align="space-between" blockAlign="center">
        <Checkbox
          label={t('templates.enabled')}
          checked={form.enabled}
          onChange={(enabled) => change('enabled', (current) => ({ ...current, enabled }))}
        />
        <Select
          label={t('templates.fallback')}
          options={LANGUAGES.map((value) => ({ value, label: languageName(value) }))}
          value={form.fallbackLanguage}
          onChange={(value) =>
            change('fallbackLanguage', (current) => ({
              ...current,
              fallbackLanguage: LANGUAGES.find((each) => each === value) ?? 'en',
            }))
          }
        />
      </InlineStack>
    </Card>
  );
}

function LanguageTabs({
  form,
  language,
  onSelect,
}: {
  form: TemplateForm;
  language: Language;
  onSelect: (language: Language) => void;
}) {
  const { t } = useTranslation();
  const { languageName } = useFormat();
  return (
    <TabList
      label={t('templates.language')}
      tabs={LANGUAGES.map((name) => ({
        name,
        id: `template-${name}`,
        content: form.words[name].isOwn
          ? t('templates.tabOwn', { language: languageName(name) })
          : languageName(name),
      }))}
      panelId="template-words"
      selected={language}
      onSelect={onSelect}
    />
  );
}

/** Whose words these are, and the way back to the product's own. */
function WordsSource({ isOwn, onReset }: { isOwn: boolean; onReset: () => void }) {
  const { t } = useTranslation();
  return (
    <Box paddingInline={{ xs: '400', sm: '0' }}>
      <InlineStack gap="200" align="space-between" blockAlign="center">
        <span>{isOwn ? t('templates.isOwn') : t('templates.isDefault')}</span>
        <Button variant="plain" disabled={!isOwn} onClick={onReset}>
          {t('templates.reset')}
        </Button>
      </InlineStack>
    </Box>
  );
}

/** Takes the saved words away, in every language at once: there is no way back, so it asks. */
function ResetAll({ isBusy, onReset }: { isBusy: boolean; onReset: () => void }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <Box paddingInline={{ xs: '400', sm: '0' }}>
      <Button tone="critical" variant="plain" disabled={isBusy} onClick={() => setOpen(true)}>
        {t('templates.resetAll.button')}
      </Button>
      {isOpen && (
        <Dialog
          title={t('templates.resetAll.title')}
          onClose={close}
          primaryAction={{
            content: t('templates.resetAll.confirm'),
            destructive: true,
            onAction: () => {
              close();
              onReset();
            },
          }}
          secondaryActions={[{ content: t('common.cancel'), onAction: close }]}
        >
          <DialogSection>{t('templates.resetAll.body')}</DialogSection>
        </Dialog>
      )}
    </Box>
  );
}

/** The room that the editor or the preview will take. */
function Waiting() {
  return (
    <Card>
      <div className="ln-stage ln-stage-to-come" aria-busy="true" />
    </Card>
  );
}
