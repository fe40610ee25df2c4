import { useEffect, useState } from 'preact/hooks';
import { codeOf } from '../../shared/app-client.ts';
import type { AppClient } from '../../shared/app-client.ts';
import type { Entry } from '../../shared/contract.ts';
import type { Words } from '../../shared/words.ts';
import { Failed } from './failed.tsx';

/** Every ledger entry with its explanation, page by page. */
export function HistoryList({ client, words }: { client: AppClient; words: Words }) {
  const { say } = words;
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  /** Null: that was the last page. */
  const [cursor, setCursor] = useState<string | null>('');
  const [isLoading, setLoading] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  async function more(): Promise<void> {
    setLoading(true);
    setFailure(null);
    try {
      const page = await client.history(cursor === '' || cursor === null ? {} : { cursor });
      setEntries((before) => [...before, ...page.entries]);
      setCursor(page.next_cursor);
    } catch (error) {
      setFailure(codeOf(error));
    }
    setLoading(false);
  }
  useEffect(() => {
    void more();
  }, []);

  return (
    <s-section heading={say('history.heading')}>
      <s-stack gap="base">
        {entries.map(({ id, points, at, explanation }) => (
          <s-grid key={id} gridTemplateColumns="1fr auto" gap="base" alignItems="start">
            <s-stack gap="none">
              <s-text>{explanation}</s-text>
              <s-text color="subdued">{words.day(at)}</s-text>
            </s-stack>
            <s-text type="strong">{`${points > 0 ? '+' : ''}${words.points(points)}`}</s-text>
          </s-grid>
        ))}
        {entries.length === 0 && cursor === null && (
          <s-paragraph>{say('history.empty')}</s-paragraph>
        )}
        {failure !== null && <Failed code={failure} say={say} onRetry={() => void more()} />}
        {failure === null && cursor !== null && (
          <s-button loading={isLoading} disabled={isLoading} onClick={() => void more()}>
            {say('history.more')}
          </s-button>
        )}
      </s-stack>
    </s-section>
  );
}
