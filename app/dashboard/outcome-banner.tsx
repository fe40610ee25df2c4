import { Banner, BlockStack, Text } from '@shopify/polaris';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from './problem.ts';
import { useProblemText } from './problem-text.ts';

interface OutcomeBannerProps {
  /** The result that the banner shows; a new object shows a dismissed banner again. */
  answer: object | undefined;
  success?: string | undefined;
  problem?: Problem | undefined;
  /** Shown instead of the code's general text. */
  problemText?: string | undefined;
  /** Resends the same, where a retry may help. */
  onRetry?: () => void;
}

/** The result of a save, at the top of the page, announced by screen readers; stays until dismissed or the next save. */
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
  // The live region must exist before its content, or it is not announced.
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

/** The input was valid: the same request may succeed later. */
const isPassing = (code: Problem['code']): boolean => passing.has(code);
