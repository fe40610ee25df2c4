import { useFetcher } from '@remix-run/react';
import { BlockStack } from '@shopify/polaris';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog, DialogSection } from '../../dashboard/dialog.tsx';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import type { Refusal } from '../../dashboard/refusal.ts';
import { usePersonName, useSideText } from './referral-words.tsx';
import type { Decision, ReferralData } from './referral.server.ts';

export interface Decided {
  readonly ok: true;
  readonly decision: Decision;
}

interface DecideModalProps extends Pick<ReferralData, 'referral' | 'advocate' | 'friend'> {
  decision: Decision;
  onClose: () => void;
  onDone: (answer: Decided) => void;
}

/** Says what a decision does before it is made. */
export function DecideModal({ decision, onClose, onDone, ...data }: DecideModalProps) {
  const { t } = useTranslation();
  const fetcher = useFetcher<Decided | Refusal>();
  const result = fetcher.state === 'idle' ? fetcher.data : undefined;
  useEffect(() => {
    if (result?.ok === true) onDone(result);
  }, [result, onDone]);
  const isApproval = decision === 'approved';
  const words = isApproval ? 'approve' : 'deny';
  return (
    <Dialog
      onClose={onClose}
      title={t(`referral.decide.${words}Title`)}
      primaryAction={{
        content: t(`referral.decide.${words}`),
        destructive: !isApproval,
        loading: fetcher.state !== 'idle',
        onAction: () => fetcher.submit({ decision }, { method: 'post' }),
      }}
      secondaryActions={[{ content: t('common.cancel'), onAction: onClose }]}
    >
      <DialogSection>
        <BlockStack gap="400">
          {result?.ok === false && <OutcomeBanner answer={result} problem={result.problem} />}
          <Effect decision={decision} {...data} />
          <p>{t(isApproval ? 'referral.decide.final' : 'referral.decide.later')}</p>
        </BlockStack>
      </DialogSection>
    </Dialog>
  );
}

/** What both get. */
function Effect({
  decision,
  referral,
  advocate,
  friend,
}: Omit<DecideModalProps, 'onClose' | 'onDone'>) {
  const { t } = useTranslation();
  const nameOf = usePersonName();
  const sideText = useSideText();
  const names = { advocate: nameOf(referral.advocate), friend: nameOf(referral.friend) };
  if (decision === 'denied') return <p>{t('referral.decide.nothing', names)}</p>;
  // Before the friend has done what is asked, only their code is given.
  if (referral.goalAt === '')
    return <p>{t('referral.decide.codeNow', { name: names.friend, reward: sideText(friend) })}</p>;
  return (
    <ul className="ln-list">
      <li>{t('referral.decide.gets', { name: names.advocate, reward: sideText(advocate) })}</li>
      <li>{t('referral.decide.gets', { name: names.friend, reward: sideText(friend) })}</li>
    </ul>
  );
}
