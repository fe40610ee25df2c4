const PATIENCE_MS = 20_000;

/**
 * Waits for what a test closes behind itself, and no longer than is good for the tests that follow: what does not end
 * is named, and goes with the process.
 */
export async function ended(what: string, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      process.stderr.write(`${what} did not end within ${PATIENCE_MS / 1_000} s\n`);
      resolve();
    }, PATIENCE_MS);
  });
  await Promise.race([work, patience]).finally(() => clearTimeout(timer));
}
