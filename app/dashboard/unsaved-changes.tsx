import { useBlocker } from '@remix-run/react';
import { SaveBar, useAppBridge } from '@shopify/app-bridge-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

interface UnsavedChangesProps {
  isDirty: boolean;
  isSaving: boolean;
  onSave: () => void;
  onDiscard: () => void;
}

/** Shopify's contextual save bar, and a prompt before unsaved changes are lost. */
export function UnsavedChanges({ isDirty, isSaving, onSave, onDiscard }: UnsavedChangesProps) {
  const { t } = useTranslation();
  const shopify = useAppBridge();
  const question = t('common.unsaved');
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      isDirty && currentLocation.pathname !== nextLocation.pathname,
  );

  useEffect(() => {
    if (blocker.state !== 'blocked') return;
    void mayLeave(shopify, question).then((leaves) =>
      leaves ? blocker.proceed() : blocker.reset(),
    );
  }, [blocker, shopify, question]);

  useEffect(() => {
    if (!isDirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isDirty]);

  return (
    <SaveBar id="unsaved-changes" open={isDirty}>
      <button type="button" {...{ variant: 'primary' }} disabled={isSaving} onClick={onSave}>
        {t('common.save')}
      </button>
      <button type="button" disabled={isSaving} onClick={onDiscard}>
        {t('common.discard')}
      </button>
    </SaveBar>
  );
}

/** Shopify shakes the save bar and resolves when changes may be discarded; elsewhere the browser prompts. */
async function mayLeave(
  shopify: ReturnType<typeof useAppBridge>,
  question: string,
): Promise<boolean> {
  const { leaveConfirmation } = shopify.saveBar as { leaveConfirmation?: () => Promise<void> };
  if (leaveConfirmation === undefined) return window.confirm(question);
  try {
    await shopify.saveBar.leaveConfirmation?.();
    return true;
  } catch {
    return false;
  }
}
