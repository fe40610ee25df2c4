import { useFetcher } from '@remix-run/react';
import { Badge, Banner, BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProgressBar } from '../../dashboard/progress-bar.tsx';
import type { SetupTask } from '#proto/admin/v1/admin.ts';
import { useLive } from '../../dashboard/live.ts';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import type { HomeAction } from './home-action.ts';
import { isSetupOver, isSetupTaskName } from './setup-tasks.ts';
import {
  SETUP_TASK_STATUSES,
  type SetupTaskName,
  type SetupTaskStatus,
} from '#vocabulary/shops.ts';

interface SetupChecklistProps {
  tasks: readonly SetupTask[];
  isProgramActive: boolean;
  themeEditorUrl: string;
}

/** The message stays for a user who finished in another tab and comes back. */
const CHEERS_FOR_MS = 86_400_000;

/** The setup in three steps, which complete automatically. */
export function SetupChecklist({
  tasks: loaded,
  isProgramActive,
  themeEditorUrl,
}: SetupChecklistProps) {
  const fetcher = useFetcher<HomeAction>();
  const tasks = useLive('/app/setup', loaded, isSetupOver);
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

  if (pending.length === 0)
    return (
      <SetupIsOver
        tasks={known}
        isProgramActive={isProgramActive}
        isBusy={isBusy}
        onResume={(names) => mark(names, 'pending')}
      />
    );
  return (
    <Card>
      <BlockStack gap="400">
        <OutcomeBanner answer={refusal} problem={refusal?.problem} />
        <Progress
          done={done}
          total={known.length}
          isBusy={isBusy}
          onDismiss={() =>
            mark(
              pending.map((task) => task.task),
              'skipped',
            )
          }
        />
        <ol className="ln-list">
          {known.map((task) => (
            <li key={task.task}>
              <Step
                name={task.task}
                status={task.status}
                isNext={task.task === pending[0]?.task}
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

interface ProgressProps {
  done: number;
  total: number;
  isBusy: boolean;
  onDismiss: () => void;
}

function Progress({ done, total, isBusy, onDismiss }: ProgressProps) {
  const { t } = useTranslation();
  return (
    <>
      <BlockStack gap="100">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd" id="setup-title">
            {t('home.setup.title')}
          </Text>
          <Button variant="tertiary" disabled={isBusy} onClick={onDismiss}>
            {t('home.setup.dismiss')}
          </Button>
        </InlineStack>
        <Text as="p" tone="subdued">
          {t('home.setup.intro')}
        </Text>
      </BlockStack>
      <BlockStack gap="100">
        <div aria-live="polite" className="ln-live">
          <Text as="p" tone="subdued">
            {t('home.setup.progress', { done, total })}
          </Text>
        </div>
        <ProgressBar progress={(done / total) * 100} ariaLabelledBy="setup-title" />
      </BlockStack>
    </>
  );
}

type KnownTask = SetupTask & { readonly task: SetupTaskName };

/** Congratulates when every step is done; otherwise lists the skipped steps with a way back. */
function SetupIsOver({
  tasks,
  isProgramActive,
  isBusy,
  onResume,
}: {
  tasks: readonly KnownTask[];
  isProgramActive: boolean;
  isBusy: boolean;
  onResume: (names: readonly SetupTaskName[]) => void;
}) {
  const { t } = useTranslation();
  const [isDismissed, setDismissed] = useState(false);
  const skipped = tasks.filter((task) => task.status === 'skipped').map((task) => task.task);
  const [openedAt] = useState(() => Date.now());
  const finishedAt = Math.max(...tasks.map((task) => Date.parse(task.completedAt) || 0), 0);
  // It may have been switched off since: what is said then is that.
  const isJustFinished =
    isProgramActive && skipped.length === 0 && openedAt - finishedAt < CHEERS_FOR_MS;
  return (
    <div aria-live="polite" className="ln-live">
      {isJustFinished && !isDismissed && (
        <Banner tone="success" title={t('home.setup.allDone')} onDismiss={() => setDismissed(true)}>
          <p>{t('home.setup.allDoneBody')}</p>
        </Banner>
      )}
      {skipped.length > 0 && !isDismissed && (
        <Banner
          tone="info"
          action={{
            content: t('home.setup.resume'),
            disabled: isBusy,
            onAction: () => onResume(skipped),
          }}
          onDismiss={() => setDismissed(true)}
        >
          <p>
            {t('home.setup.skipped', {
              steps: skipped.map((name) => t(`home.setup.${name}.title`)).join(' · '),
            })}
          </p>
        </Banner>
      )}
    </div>
  );
}

interface StepProps {
  name: SetupTaskName;
  status: SetupTask['status'];
  isNext: boolean;
  themeEditorUrl: string;
  isBusy: boolean;
  onMark: (status: SetupTaskStatus) => void;
}

function Step({ name, status, isNext, themeEditorUrl, isBusy, onMark }: StepProps) {
  const { t } = useTranslation();
  const isOpen = status === 'pending';
  const label = t(
    `home.setup.status.${SETUP_TASK_STATUSES.find((known) => known === status) ?? 'pending'}`,
  );
  const title = t(`home.setup.${name}.title`);
  const target = {
    launch_program: { url: '/app/program/earn/purchase' },
    first_reward: { url: '/app/rewards' },
    // The editor is a page of Shopify's, opened beside ours, where the progress goes on.
    add_widget: { url: themeEditorUrl, external: true },
  }[name];
  const button = (text: string, to: SetupTaskStatus) => (
    <Button
      variant="tertiary"
      disabled={isBusy}
      accessibilityLabel={`${text}: ${title}`}
      onClick={() => onMark(to)}
    >
      {text}
    </Button>
  );
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
      {status !== 'completed' && (
        <InlineStack gap="200">
          {isOpen && (
            <Button {...target} {...(isNext ? { variant: 'primary' as const } : {})}>
              {t(`home.setup.${name}.action`)}
            </Button>
          )}
          {isOpen && button(t(`home.setup.${name}.done`), 'completed')}
          {isOpen
            ? button(t('home.setup.skip'), 'skipped')
            : button(t('home.setup.resume'), 'pending')}
        </InlineStack>
      )}
    </BlockStack>
  );
}
