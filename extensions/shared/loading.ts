import { useCallback, useEffect, useState } from 'preact/hooks';
import { codeOf } from './app-client.ts';

export type Loading<Value> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly code: string }
  | { readonly state: 'ready'; readonly value: Value };

export interface Loaded<Value> {
  readonly loading: Loading<Value>;
  /** Asks again; what is shown stays until there is an answer. */
  readonly reload: () => void;
}

/**
 * A call's result, requested again when `key` changes. A response to an earlier request is ignored.
 * @param key what the question depends on; null: there is nothing to ask yet
 */
export function useLoaded<Value>(key: string | null, load: () => Promise<Value>): Loaded<Value> {
  const [loading, setLoading] = useState<Loading<Value>>({ state: 'loading' });
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (key === null) return undefined;
    let isWanted = true;
    load().then(
      (value) => isWanted && setLoading({ state: 'ready', value }),
      (error: unknown) => isWanted && setLoading({ state: 'failed', code: codeOf(error) }),
    );
    return () => {
      isWanted = false;
    };
  }, [key, round]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  return { loading, reload };
}
