import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

export interface Report {
  readonly tags?: Record<string, string>;
  readonly user?: object;
  readonly request?: object;
  readonly breadcrumbs?: object;
  readonly exception: { readonly values: { readonly type: string; readonly value: string }[] };
}

/** Where Sentry would be: the error reports that reached it, and everything that was sent. */
export async function startSentry() {
  const reports: Report[] = [];
  let sent = '';
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const isZipped = request.headers['content-encoding'] === 'gzip';
      const text = (isZipped ? gunzipSync(body) : body).toString();
      sent += text;
      reports.push(...reportsIn(text));
      response.end('{}');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    dsn: `http://public@127.0.0.1:${(server.address() as AddressInfo).port}/7`,
    reports,
    sent: () => sent,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Sentry's envelopes: lines of JSON, where a header describes the next line. */
function reportsIn(envelope: string): Report[] {
  const lines = envelope.split('\n').map((line) => JSON.parse(line || 'null') as unknown);
  return lines.flatMap((line, index) =>
    (line as { type?: unknown } | null)?.type === 'event' ? [lines[index + 1] as Report] : [],
  );
}
