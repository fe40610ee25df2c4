import { useEffect, useState } from 'preact/hooks';

interface Signal<Value> {
  readonly value: Value;
  subscribe(listener: (value: Value) => void): () => void;
}

/** The value of one of Shopify's signals, whichever kind of signal the host made of it. */
export function useSignalValue<Value>(signal: Signal<Value>): Value {
  const [value, setValue] = useState(() => signal.value);
  useEffect(() => {
    setValue(() => signal.value);
    return signal.subscribe((next) => setValue(() => next));
  }, [signal]);
  return value;
}
