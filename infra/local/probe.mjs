// Asked by the platform that runs the image whether a process is well: node infra/local/probe.mjs web|worker|core
// Ends with 0 when it is, else with 1 and the reason. Plain JavaScript without packages, since it runs every few seconds.
import { Buffer } from 'node:buffer';
import { statSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import os from 'node:os';
import path from 'node:path';
import { clearTimeout } from 'node:timers';

const timeoutMs = 4_000;
/** The worker writes its sign every ten seconds (app/worker/sign-of-life.ts). */
const oldestSignMs = 45_000;

/** @type {Readonly<Record<string, () => Promise<void> | void>>} */
const probes = {
  web: () => answers(Number(process.env.PORT || 3000)),
  worker() {
    const age = Date.now() - statSync(path.join(os.tmpdir(), 'loyalnest-worker-alive')).mtimeMs;
    if (age > oldestSignMs)
      throw new Error(`the last sign of life is ${Math.round(age / 1000)} s old`);
  },
  core: () => serves(Number(process.env.CORE_PORT || 50051)),
};

/**
 * @param {number} port
 * @returns {Promise<void>}
 */
function answers(port) {
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, path: '/health' }, (response) => {
      response.resume();
      if (response.statusCode === 200) resolve();
      else reject(new Error(`/health answers ${response.statusCode}`));
    });
    request.on('error', reject);
  });
}

/**
 * grpc.health.v1 of the process itself: an empty request, answered by one field, the status, of which 1 is SERVING.
 *
 * @param {number} port
 * @returns {Promise<void>}
 */
function serves(port) {
  return new Promise((resolve, reject) => {
    // Its own process, by its address: the certificate is for those who call it by name.
    const session =
      process.env.CORE_TLS === 'on'
        ? http2.connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false })
        : http2.connect(`http://127.0.0.1:${port}`);
    session.on('error', reject);
    const call = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    /** @type {Buffer[]} */
    const chunks = [];
    let status = '';
    // An error comes in the headers, an answer's status in the trailers.
    for (const event of ['response', 'trailers'])
      call.on(event, (headers) => (status = String(headers['grpc-status'] ?? status)));
    call.on('data', (chunk) => chunks.push(chunk));
    call.on('error', reject);
    call.on('end', () => {
      const isServing = Buffer.concat(chunks)
        .subarray(5)
        .equals(Buffer.from([8, 1]));
      if (status === '0' && isServing) resolve();
      else reject(new Error(`grpc-status ${status}, ${isServing ? '' : 'not '}serving`));
    });
    // A frame: not compressed, 0 bytes.
    call.end(Buffer.alloc(5));
  });
}

const name = process.argv[2] ?? '';
const late = setTimeout(() => end('no answer in time'), timeoutMs);
try {
  const probe = probes[name];
  if (probe === undefined) throw new Error(`choose one of ${Object.keys(probes).join(', ')}`);
  await probe();
  process.exit(0);
} catch (error) {
  clearTimeout(late);
  end(error instanceof Error ? error.message : String(error));
}

/** @param {string} reason */
function end(reason) {
  process.stderr.write(`${name}: ${reason}\n`);
  process.exit(1);
}
