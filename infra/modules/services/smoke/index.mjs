// Asks the next release, on the trial port, whether it is ready, before shoppers get it. Amazon ECS calls this between
// the two, waits for its word, and takes the release back on anything but SUCCEEDED; it may call twice.
import https from 'node:https';

/**
 * @param {{ host: string, port: number, path: string, headers: Record<string, string> }} target
 * @returns {Promise<number>} the status
 */
function statusOf({ host, port, path, headers }) {
  return new Promise((resolve, reject) => {
    const request = https.get(
      { host, port, path, headers, timeout: 5000, servername: headers['host'] ?? host },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    request.on('timeout', () => request.destroy(new Error('no answer within 5 seconds')));
    request.on('error', reject);
  });
}

/**
 * Five answers in a row, since a release of several tasks answers from each of them.
 *
 * @param {{ attempts?: number, inARow?: number, ask: () => Promise<number>, pause: () => Promise<unknown> }} trial
 * @returns {Promise<{ hookStatus: 'SUCCEEDED' | 'FAILED' }>}
 */
export async function tryRelease({ attempts = 30, inARow = 5, ask, pause }) {
  let good = 0;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const status = await ask().catch(() => 0);
    good = status === 200 ? good + 1 : 0;
    if (good === inARow) return { hookStatus: 'SUCCEEDED' };
    await pause();
  }
  return { hookStatus: 'FAILED' };
}

/** @public Amazon ECS calls it. */
export const handler = () =>
  tryRelease({
    ask: () =>
      statusOf({
        host: process.env['TRIAL_HOST'] ?? '',
        port: 8443,
        path: '/healthz',
        headers: {
          host: process.env['DOMAIN'] ?? '',
          'x-origin-verify': process.env['ORIGIN_SECRET'] ?? '',
        },
      }),
    pause: () => new Promise((resolve) => setTimeout(resolve, 1000)),
  });
