import { failureKey } from '../../shared/words.ts';

export function Failed({
  code,
  say,
  onRetry,
}: {
  code: string;
  say: (key: string) => string;
  onRetry?: () => void;
}) {
  return (
    <s-banner tone="critical" heading={say(failureKey(code))}>
      {onRetry !== undefined && <s-button onClick={onRetry}>{say('failure.retry')}</s-button>}
    </s-banner>
  );
}
