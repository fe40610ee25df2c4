import { Banner, BlockStack, Text } from '@shopify/polaris';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from './problem.ts';
import { useProblemText } from './problem-text.ts';

interface OutcomeBannerProps {
  /** The answer that the banner is about; a new object shows a banner that was dismissed. */
  answer: object | undefined;
  success?: string | undefined;
  problem?: Problem | undefined;
  /** Said instead of the code's general words. */
  problemText?: string | undefined;
  /** Sends the same again, where trying again may help. */
  onRetry?: () => void;
}

/** How a save ended, at the top of the page, read out by screen readers; stays until dismissed or saved again. */
export function OutcomeBanner({
  answer,
  success,
  problem,
  problemText,
  onRetry,
}: OutcomeBannerProps) {
  const { t } = useTranslation();
  const text = useProblemText();
  const [dismissed, setDismissed] = useState<object>();
  useEffect(() => {
    if (answer !== undefined) window.scrollTo({ top: 0 });
  }, [answer]);
  const isShown = answer !== undefined && answer !== dismissed;
  // The live region is there before its content, or the content is not announced.
  return (
    <div aria-live="polite" className="ln-live">
      {isShown && success !== undefined && (
        <Banner tone="success" onDismiss={() => setDismissed(answer)}>
          <p>{success}</p>
        </Banner>
      )}
      {isShown && success === undefined && problem !== undefined && (
        <Banner
          tone="critical"
          onDismiss={() => setDismissed(answer)}
          {...(onRetry !== undefined &&
            isPassing(problem.code) && {
              action: { content: t('common.retry'), onAction: onRetry },
            })}
        >
          <BlockStack gap="100">
            <p>{problemText ?? text(problem.code)}</p>
            {problem.code !== 'invalid_input' && (
              <Text as="p" tone="subdued" breakWord>
                {t('common.requestId', { requestId: problem.requestId })}
              </Text>
            )}
          </BlockStack>
        </Banner>
      )}
    </div>
  );
}

const passing: ReadonlySet<Problem['code']> = new Set([
  'contention',
  'rate_limited',
  'resource_exhausted',
  'unavailable',
  'timeout',
  'internal',
]);

/** Nothing is wrong with what was sent: the same may go through a moment later. */
const isPassing = (code: Problem['code']): boolean => passing.has(code);
