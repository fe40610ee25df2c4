import { useFetcher } from '@remix-run/react';
import {
  BlockStack,
  Button,
  Checkbox,
  FormLayout,
  InlineStack,
  Layout,
  Tag,
  Text,
  TextField,
} from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EditorPage } from '../../dashboard/editor-page.tsx';
import type { Refusal } from '../../dashboard/refusal.ts';
import { useSavedForm } from '../../dashboard/saved-form.ts';
import { SectionCard } from '../../dashboard/section-card.tsx';
import { ExclusionPreview } from './exclusion-preview.tsx';
import { LONGEST_TAG, MOST_TAGS, withTyped, type ParticipantsForm } from './typed-tags.rules.ts';
import type { ParticipantsData } from './participants.server.ts';

const isSame = (a: ParticipantsForm, b: ParticipantsForm): boolean =>
  a.excludesCompanies === b.excludesCompanies &&
  a.excludedTags.join('\n') === b.excludedTags.join('\n');

/** Who takes part in the program, and whom that concerns before it is saved. */
export function ParticipantsPage({ participation }: ParticipantsData) {
  const { t } = useTranslation();
  const fetcher = useFetcher<{ ok: true } | Refusal>();
  const { excludedTags, excludesCompanies, revision: saved } = participation;
  const editing = useSavedForm<ParticipantsForm, { ok: true }>(
    { excludedTags, excludesCompanies },
    isSame,
    fetcher,
    saved,
  );
  const { form, change, revision, send, refusal } = editing;
  const save = (over = revision) =>
    send(() => {
      const data = new FormData();
      for (const tag of form.excludedTags) data.append('tag', tag);
      data.set('companies', String(form.excludesCompanies));
      data.set('revision', over);
      void fetcher.submit(data, { method: 'post' });
    });
  return (
    <EditorPage
      title={t('participants.title')}
      backAction={{ content: t('participants.back'), url: '/app/program' }}
      editing={editing}
      onSave={save}
      saved={t('common.saved')}
      notSaved={t('participants.notSaved')}
    >
      <Layout>
        <Layout.Section>
          <SectionCard title={t('participants.exclude')}>
            <Text as="p" tone="subdued">
              {t('participants.help')}
            </Text>
            <FormLayout>
              <TagList
                tags={form.excludedTags}
                isRefused={refusal?.fields['tag'] !== undefined}
                onChange={(tags) => change('tag', (now) => ({ ...now, excludedTags: tags }))}
              />
              <Checkbox
                label={t('participants.companies')}
                helpText={t('participants.companiesHelp')}
                checked={form.excludesCompanies}
                onChange={(checked) =>
                  change('companies', (now) => ({ ...now, excludesCompanies: checked }))
                }
              />
            </FormLayout>
          </SectionCard>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <ExclusionPreview form={form} />
        </Layout.Section>
      </Layout>
    </EditorPage>
  );
}

interface TagListProps {
  tags: readonly string[];
  isRefused: boolean;
  onChange: (tags: string[]) => void;
}

/** The chosen tags, each with a button that removes it, and a field that adds some. */
function TagList({ tags, isRefused, onChange }: TagListProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const next = withTyped(tags, typed);
  const isTooMany = next.length > MOST_TAGS;
  const add = () => {
    if (isTooMany) return;
    onChange(next);
    setTyped('');
  };
  return (
    <BlockStack gap="200">
      <div
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          add();
        }}
      >
        <TextField
          label={t('participants.tags')}
          helpText={t('participants.tagsHelp')}
          value={typed}
          onChange={setTyped}
          maxLength={LONGEST_TAG}
          error={
            isTooMany || isRefused ? t('participants.tooMany', { most: MOST_TAGS }) : undefined
          }
          autoComplete="off"
          connectedRight={
            <Button onClick={add} disabled={typed.trim() === ''}>
              {t('participants.addTag')}
            </Button>
          }
        />
      </div>
      {tags.length > 0 && (
        <InlineStack gap="200">
          {tags.map((tag) => (
            <Tag key={tag} onRemove={() => onChange(tags.filter((one) => one !== tag))}>
              {tag}
            </Tag>
          ))}
        </InlineStack>
      )}
    </BlockStack>
  );
}
