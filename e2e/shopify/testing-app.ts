// A fake app: records requests and answers as configured.
import http from 'node:http';
import { close, listen, readBody } from './http.ts';

export interface Received {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}
export interface ListeningApp {
  url: string;
  received: Received[];
  /** The status of the next answers, by path; 200 where nothing is said. */
  answers: Map<string, number[]>;
  stop(): Promise<void>;
}

export async function startListeningApp(): Promise<ListeningApp> {
  const received: Received[] = [];
  const answers = new Map<string, number[]>();
  const server = http.createServer((request, response) => {
    void readBody(request).then((body) => {
      const url = new URL(request.url ?? '/', 'http://app');
      received.push({
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body,
      });
      response.writeHead(answers.get(url.pathname)?.shift() ?? 200, {
        'content-type': 'text/html',
        'content-security-policy': 'frame-ancestors https://admin.shopify.com;',
        'set-cookie': 'tracking=1',
      });
      response.end('<script src="https://cdn.shopify.com/shopifycloud/app-bridge.js"></script>');
    });
  });
  const port = await listen(server, 0, '127.0.0.1');
  return { url: `http://127.0.0.1:${port}`, received, answers, stop: () => close(server) };
}
