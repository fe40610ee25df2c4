import { useState } from 'preact/hooks';
import { codeOf } from '../../shared/app-client.ts';
import type { AppClient } from '../../shared/app-client.ts';
import type { Widget } from '../../shared/contract.ts';
import { openCodes } from '../../shared/rewards.rules.ts';
import { failureKey } from '../../shared/words.ts';
import type { Words } from '../../shared/words.ts';

/** Unused codes, to copy or to return for their points. */
export function Codes({
  widget,
  words,
  client,
  onChange,
}: {
  widget: Widget;
  words: Words;
  client: AppClient;
  onChange: () => void;
}) {
  const { say } = words;
  const [busy, setBusy] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const codes = openCodes(widget.redemptions, new Date());
  if (codes.length === 0) return null;

  async function giveBack(id: string): Promise<void> {
    setBusy(id);
    setFailure(null);
    try {
      await client.shopper.giveBack(id);
      onChange();
    } catch (error) {
      setFailure(codeOf(error));
    }
    setBusy(null);
  }

  return (
    <s-section heading={say('codes.heading')}>
      <s-stack gap="base">
        {failure !== null && <s-banner tone="critical" heading={say(failureKey(failure))} />}
        {codes.map(
          ({ id, title, code = '', expires_at: until, returnable, points_spent: spent }) => (
            <s-grid key={id} gridTemplateColumns="1fr auto" gap="base" alignItems="center">
              <CodeText id={id} title={title} code={code} until={until} words={words} />
              <s-stack direction="inline" gap="small-200">
                <s-button
                  command="--copy"
                  commandFor={`code-${id}`}
                  accessibilityLabel={say('codes.copyOne', { title })}
                >
                  {say('codes.copy')}
                </s-button>
                {returnable && (
                  <s-button
                    variant="secondary"
                    loading={busy === id}
                    disabled={busy !== null}
                    accessibilityLabel={say('codes.giveBackOne', {
                      title,
                      points: words.points(spent),
                    })}
                    onClick={() => void giveBack(id)}
                  >
                    {say('codes.giveBack', { points: words.points(spent) })}
                  </s-button>
                )}
              </s-stack>
            </s-grid>
          ),
        )}
      </s-stack>
    </s-section>
  );
}

function CodeText({
  id,
  title,
  code,
  until,
  words,
}: {
  id: string;
  title: string;
  code: string;
  until: string | undefined;
  words: Words;
}) {
  return (
    <s-stack gap="small-300">
      <s-text type="strong">{title}</s-text>
      <s-text>{code}</s-text>
      <s-clipboard-item id={`code-${id}`} text={code} />
      {until !== undefined && (
        <s-text color="subdued">{words.say('codes.until', { date: words.day(until) })}</s-text>
      )}
    </s-stack>
  );
}
