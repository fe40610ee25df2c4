import https from 'node:https';
import { longestAnswerBytes, providerTimeoutMs } from './provider.ts';

export interface JsonAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Undefined where the body is no JSON. */
  readonly body: unknown;
}

/**
 * One request over TLS, its answer counted while it is read.
 * @throws Error when there is no whole answer in time, or one that is too long
 */
export function requestJson(
  url: string,
  {
    method,
    headers,
    body,
  }: {
    readonly method: 'GET' | 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
  },
): Promise<JsonAnswer> {
  return new Promise((resolve, reject) => {
    const request = https.request(
      url,
      {
        method,
        agent: https.globalAgent,
        signal: AbortSignal.timeout(providerTimeoutMs),
        headers: {
          ...headers,
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > longestAnswerBytes)
            response.destroy(new Error(`an answer of more than ${longestAnswerBytes} bytes`));
          else chunks.push(chunk);
        });
        response.once('error', reject);
        response.once('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: parsed(Buffer.concat(chunks).toString('utf8')),
          }),
        );
      },
    );
    request.once('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
