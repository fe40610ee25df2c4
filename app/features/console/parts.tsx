import { Form, useActionData, useNavigation } from '@remix-run/react';
import { useId, type InputHTMLAttributes, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDateTime, formatNumber } from '../../i18n/format.ts';
import { languageOfTag } from '../../i18n/languages.ts';
import type { ConsoleRefusal } from './console-request.server.ts';

export function useWords() {
  const { t, i18n } = useTranslation('console');
  const language = languageOfTag(i18n.language);
  return {
    t,
    number: (value: number) => formatNumber(value, language),
    // The console looks at shops of all time zones.
    time: (iso: string) => formatDateTime(iso, language, 'UTC'),
  };
}

/** Words for what was refused. */
export function useProblemWords(): (refusal: ConsoleRefusal) => string {
  const { t } = useTranslation('console');
  return ({ code, field, detail }) => {
    for (const known of ['too_short', 'too_long', 'too_simple', 'unchanged'] as const)
      if (code === 'invalid_input' && detail.endsWith(known)) return t(`problems.${known}`);
    if (code === 'unauthenticated') return t(field === 'code' ? 'code.wrong' : 'problems.current');
    if (code === 'forbidden') return t(field === '' ? 'problems.forbidden' : 'problems.oneself');
    if (code === 'rate_limited') return t('problems.rate_limited');
    if (code === 'idempotency_conflict') return t('problems.taken');
    return t(code === 'invalid_input' ? 'problems.invalid' : 'problems.other');
  };
}

export function useRefusal(): ConsoleRefusal | undefined {
  const answer = useActionData<ConsoleRefusal | { ok: true }>();
  return answer?.ok === false ? answer : undefined;
}

export function Notice({ tone, children }: { tone: 'good' | 'bad'; children: ReactNode }) {
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={`rounded-lg border p-3 ${tone === 'bad' ? 'border-red-700 bg-red-50 text-red-900' : 'border-emerald-700 bg-emerald-50 text-emerald-950'}`}
    >
      {children}
    </div>
  );
}

export function RefusalNotice({ text }: { text?: string }) {
  const refusal = useRefusal();
  const words = useProblemWords();
  if (refusal === undefined) return null;
  return <Notice tone="bad">{text ?? words(refusal)}</Notice>;
}

export function Field({
  label,
  help,
  ...input
}: { label: string; help?: string } & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        id={id}
        required
        className="c-input"
        aria-describedby={help === undefined ? undefined : `${id}-help`}
        {...input}
      />
      {help === undefined ? null : (
        <p id={`${id}-help`} className="mt-1 text-sm text-slate-700">
          {help}
        </p>
      )}
    </div>
  );
}

/** A console form: with a CSRF token, and not sent twice at once. */
export function ConsoleForm({
  csrf,
  values = {},
  submit,
  label,
  quiet = false,
  children,
}: {
  csrf?: string;
  values?: Readonly<Record<string, string>>;
  submit: string;
  label?: string;
  quiet?: boolean;
  children?: ReactNode;
}) {
  const isBusy = useNavigation().state === 'submitting';
  return (
    <Form method="post" className="space-y-4">
      {csrf === undefined ? null : <input type="hidden" name="csrf" value={csrf} />}
      {Object.entries(values).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
      <button
        type="submit"
        className={quiet ? 'c-quiet' : 'c-button'}
        disabled={isBusy}
        aria-label={label}
      >
        {submit}
      </button>
    </Form>
  );
}

/** Confirms an irreversible action; a disclosure works by keyboard and without script. */
export function Confirmed({
  summary,
  label,
  question,
  children,
}: {
  summary: string;
  label?: string;
  question: string;
  children: ReactNode;
}) {
  return (
    <details>
      <summary className="c-quiet" aria-label={label}>
        {summary}
      </summary>
      <div className="mt-2 space-y-2 rounded-lg bg-slate-100 p-3">
        <p>{question}</p>
        {children}
      </div>
    </details>
  );
}

export function Narrow({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="mx-auto min-h-screen max-w-md space-y-6 px-4 py-10 text-slate-900">
      <p className="text-sm font-semibold tracking-wide text-emerald-800">LoyalNest</p>
      <h1 className="text-2xl font-bold">{title}</h1>
      {children}
    </main>
  );
}

/** A table that scrolls by itself where it is too wide; by keyboard too. Its rows are the children. */
export function Table({
  label,
  columns,
  children,
}: {
  label: string;
  columns: readonly string[];
  children: ReactNode;
}) {
  return (
    <div className="overflow-x-auto" role="region" aria-label={label} tabIndex={0}>
      <table className="c-table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
