import { useEffect, useRef, useState } from 'react';
import type { Simulation } from '#proto/points/v1/simulator.ts';
import { createEventReader } from '../../dashboard/event-stream.ts';
import type { Refusal } from '../../dashboard/refusal.ts';

export interface TrialProgress {
  readonly done: number;
  readonly total: number;
}
export type TrialAnswer = { readonly ok: true; readonly simulation: Simulation } | Refusal;

type Trial =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly progress: TrialProgress }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'answered'; readonly answer: TrialAnswer };

const nothingYet: TrialProgress = { done: 0, total: 0 };
const lost: Refusal = {
  ok: false,
  problem: { code: 'unavailable', field: '', requestId: '' },
  fields: {},
};

/** A running simulation, with functions to start and stop it. */
export function useTrial(address: string) {
  const [trial, setTrial] = useState<Trial>({ kind: 'none' });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const start = (fields: Readonly<Record<string, string>>) => {
    running.current?.abort();
    const stopping = new AbortController();
    running.current = stopping;
    setTrial({ kind: 'running', progress: nothingYet });
    void readTrial(address, fields, {
      signal: stopping.signal,
      onProgress: (progress) => {
        if (!stopping.signal.aborted) setTrial({ kind: 'running', progress });
      },
      // At the time of the call: App Bridge puts its own there, which adds the session token.
      fetch: (...parameters) => window.fetch(...parameters),
    }).then((answer) => {
      if (!stopping.signal.aborted) setTrial({ kind: 'answered', answer });
    });
  };
  const stop = () => {
    running.current?.abort();
    setTrial({ kind: 'stopped' });
  };
  return { trial, start, stop };
}

interface Reading {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TrialProgress) => void;
  readonly fetch: typeof fetch;
}

/** Never throws: an interrupted stream is a result too. */
export async function readTrial(
  address: string,
  fields: Readonly<Record<string, string>>,
  { signal, onProgress, fetch: send }: Reading,
): Promise<TrialAnswer> {
  try {
    const response = await send(address, {
      method: 'POST',
      headers: { accept: 'text/event-stream' },
      body: new URLSearchParams(fields),
      signal,
    });
    const type = response.headers.get('content-type') ?? '';
    if (type.startsWith('application/json')) return (await response.json()) as Refusal;
    if (!type.startsWith('text/event-stream') || response.body === null) return lost;
    const read = createEventReader();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return lost;
      for (const event of read(value)) {
        if (event.name !== 'progress') return JSON.parse(event.data) as TrialAnswer;
        onProgress(JSON.parse(event.data) as TrialProgress);
      }
    }
  } catch {
    return lost;
  }
}
