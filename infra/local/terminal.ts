/** Resolves on Ctrl-C, a request to end, or when the process that started us is gone. A second Ctrl-C ends at once. */
export async function interruption(): Promise<undefined> {
  return new Promise((resolve) => {
    const parent = process.ppid;
    const end = () => {
      clearInterval(watching);
      resolve(undefined);
    };
    const watching = setInterval(() => {
      if (process.ppid !== parent) end();
    }, 500);
    let asked = 0;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        asked += 1;
        if (asked > 2) process.exit(130);
        end();
      });
    }
  });
}

/** Runs one step, showing its name and how long it took. */
export async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  say(`• ${name} …`);
  const result = await work();
  say(`  done in ${seconds(started)}`);
  return result;
}

export function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
