import { once } from 'node:events';
import { z } from 'zod';

/** What a process of Node.js uses once what is not needed was collected, in bytes. */
export interface Memory {
  readonly rss: number;
  /** The heap, and what objects hold outside of it. */
  readonly live: number;
}

export interface HeapProbe {
  read(): Promise<Memory>;
  close(): void;
}

/** For a process that is to be probed: its inspector, on a port of its own. */
export const inspectable = ['--inspect=127.0.0.1:0'] as const;

const answerWithinMs = 30_000;
const answer = z.object({ id: z.number(), error: z.unknown().optional(), result: z.unknown() });
const evaluated = z.object({ result: z.object({ value: z.string() }) });
const usage = z.object({
  rss: z.number(),
  heapUsed: z.number(),
  external: z.number(),
});

/** @param output what the process has printed, the address of its inspector among it */
export async function openHeapProbe(output: string): Promise<HeapProbe> {
  const [, address] = /Debugger listening on (ws:\/\/\S+)/.exec(output) ?? [];
  if (address === undefined) throw new Error('the process has no inspector');
  const socket = new WebSocket(address);
  await once(socket, 'open');
  const waiting = new Map<number, (result: unknown) => void>();
  let last = 0;
  socket.addEventListener('message', ({ data }) => {
    const told = answer.safeParse(JSON.parse(String(data)));
    if (told.success) waiting.get(told.data.id)?.(told.data.result);
  });
  const call = (method: string, params: object = {}) => {
    const id = ++last;
    return new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the inspector did not answer ${method}`)),
        answerWithinMs,
      );
      waiting.set(id, (result) => {
        clearTimeout(timer);
        waiting.delete(id);
        resolve(result);
      });
      socket.send(JSON.stringify({ id, method, params }));
    });
  };
  return {
    async read() {
      await call('HeapProfiler.collectGarbage');
      const told = await call('Runtime.evaluate', {
        expression: 'JSON.stringify(process.memoryUsage())',
        returnByValue: true,
      });
      const { rss, heapUsed, external } = usage.parse(
        JSON.parse(evaluated.parse(told).result.value),
      );
      return { rss, live: heapUsed + external };
    },
    close: () => socket.close(),
  };
}
