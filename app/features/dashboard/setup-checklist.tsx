import { useFetcher } from '@remix-run/react';
import {
  Badge,
  Banner,
  BlockStack,
  Button,
  Card,
  InlineStack,
  ProgressBar,
  Text,
} from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SetupTask } from '#proto/admin/v1/admin.ts';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import type { HomeAction } from './home-action.ts';
import { isSetupTaskName, type SetupTaskName } from './setup-tasks.ts';

interface SetupChecklistProps {
  tasks: readonly SetupTask[];
  themeEditorUrl: string;
}

/** The way to a running program. Gone once nothing is left to do; what is hidden counts as skipped. */
export function SetupChecklist({ tasks, themeEditorUrl }: SetupChecklistProps) {
  const { t } = useTranslation();
  const fetcher = useFetcher<HomeAction>();
  const [wasOpen] = useState(tasks.some((task) => task.status === 'pending'));
  const [isCheerDismissed, setCheerDismissed] = useState(false);
  const known = tasks.flatMap((task) =>
    isSetupTaskName(task.task) ? [{ ...task, task: task.task }] : [],
  );
  const done = known.filter((task) => task.status === 'completed').length;
  const pending = known.filter((task) => task.status === 'pending');
  const isBusy = fetcher.state !== 'idle';
  const refusal = fetcher.data?.ok === false ? fetcher.data : undefined;

  const mark = (names: readonly SetupTaskName[], status: SetupTask['status']) => {
    const form = new FormData();
    for (const name of names) form.append('task', name);
    form.set('status', status);
    fetcher.submit(form, { method: 'post', action: '/app?index' });
  };

  if (pending.length === 0) {
    const cheers = wasOpen && known.length > 0 && done === known.length && !isCheerDismissed;
    return (
      <div aria-live="polite" className="ln-live">
        {cheers && (
          <Banner tone="success" onDismiss={() => setCheerDismissed(true)}>
            <p>{t('home.setup.allDone')}</p>
          </Banner>
        )}
      </div>
    );
  }
  const progress = t('home.setup.progress', { done, total: known.length });
  return (
    <Card>
      <BlockStack gap="400">
        <OutcomeBanner answer={refusal} problem={refusal?.problem} />
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd" id="setup-title">
            {t('home.setup.title')}
          </Text>
          <Button
            variant="tertiary"
            disabled={isBusy}
            onClick={() =>
              mark(
                pending.map((task) => task.task),
                'skipped',
              )
            }
          >
            {t('home.setup.dismiss')}
          </Button>
        </InlineStack>
        <BlockStack gap="100">
          <div aria-live="polite" className="ln-live">
            <Text as="p" tone="subdued">
              {progress}
            </Text>
          </div>
          <ProgressBar
            progress={(done / known.length) * 100}
            size="small"
            ariaLabelledBy="setup-title"
          />
        </BlockStack>
        <ol className="ln-list">
          {known.map((task) => (
            <li key={task.task}>
              <Task
                name={task.task}
                status={task.status}
                themeEditorUrl={themeEditorUrl}
                isBusy={isBusy}
                onMark={(status) => mark([task.task], status)}
              />
            </li>
          ))}
        </ol>
      </BlockStack>
    </Card>
  );
}

interface TaskProps {
  name: SetupTaskName;
  status: SetupTask['status'];
  themeEditorUrl: string;
  isBusy: boolean;
  onMark: (status: 'completed' | 'pending') => void;
}

function Task({ name, status, themeEditorUrl, isBusy, onMark }: TaskProps) {
  const { t } = useTranslation();
  const isOpen = status === 'pending';
  const label = t(
    `home.setup.status.${status === 'completed' || status === 'skipped' ? status : 'pending'}`,
  );
  const title = t(`home.setup.${name}.title`);
  const done = name === 'add_block' ? t('home.setup.add_block.done') : t('home.setup.markDone');
  const mark = isOpen ? done : t('home.setup.undo');
  const target = {
    review_rules: { url: '/app/program' },
    // The editor is a page of Shopify's: it replaces the window, not our frame.
    add_block: { url: themeEditorUrl, target: '_top' as const },
    first_points: { url: '/app/customers' },
  }[name];
  return (
    <BlockStack gap="200">
      <InlineStack gap="200" blockAlign="center">
        <Text as="h3" variant="headingSm">
          {title}
        </Text>
        <Badge {...(status === 'completed' ? { tone: 'success' as const } : {})}>{label}</Badge>
      </InlineStack>
      {isOpen && (
        <Text as="p" tone="subdued">
          {t(`home.setup.${name}.body`)}
        </Text>
      )}
      <InlineStack gap="200">
        {isOpen && <Button {...target}>{t(`home.setup.${name}.action`)}</Button>}
        <Button
          variant="tertiary"
          disabled={isBusy}
          accessibilityLabel={`${mark}: ${title}`}
          onClick={() => onMark(isOpen ? 'completed' : 'pending')}
        >
          {mark}
        </Button>
      </InlineStack>
    </BlockStack>
  );
}
