import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ServerBuild } from '@remix-run/node';
import compression from 'compression';
import express from 'express';
import type { Express, NextFunction, Request, Response } from 'express';
import { accessLog } from './access-log.server.ts';
import { consoleHeaders } from './console-headers.server.ts';
import { deliveryEntry, linkEntry } from './direct-entry.server.ts';
import { env } from './env.server.ts';
import { refuseForeignForms } from './form-origin.server.ts';
import { keepAssets } from './kept-assets.ts';
import { closeAll, startDraining } from './lifecycle.server.ts';
import { log } from './log.server.ts';
import { remixHandler } from './remix-adapter.server.ts';
import { requestGate } from './request-gate.server.ts';
import { startTelemetry, unhandled } from './telemetry.server.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const drainMs = 20_000;

/** The web application around a build of its routes; `mode` is what the pages say of their errors in. */
export function createApp(build: ServerBuild, mode = env().NODE_ENV): Express {
  const app = express();
  app.disable('x-powered-by');
  // Each route reads its own.
  app.set('query parser', false);
  // The proxies whose client addresses are trusted.
  app.set('trust proxy', env().TRUSTED_PROXIES);
  app.use(accessLog);
  app.use(requestGate);
  app.use((request, _response, next) => {
    request.headers['x-client-address'] = request.ip ?? '';
    next();
  });
  app.use(consoleHeaders);
  const assets = path.join(root, 'build/client');
  const forever = { immutable: true, maxAge: '1y' };
  app.use(
    '/assets',
    compression(),
    express.static(path.join(assets, 'assets'), forever),
    // Of builds before this one, and, where releases share a folder, of the one after.
    express.static(keptAssets(), { ...forever, fallthrough: false }),
  );
  app.use(refuseForeignForms);
  const remix = remixHandler(build, mode);
  // What comes in crowds skips what it does not need. A link's page is small enough to be sent as it is.
  app.all('/webhooks/*', deliveryEntry(build), remix);
  app.get('/proxy/r/*', linkEntry(build));
  app.use(compression());
  app.use(express.static(assets, { maxAge: '1h', index: false }));
  app.all('*', remix);
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    const status = statusOf(error);
    if (status >= 500) log().error({ err: error }, 'A request failed');
    if (response.headersSent) {
      next(error);
      return;
    }
    response
      .set('cache-control', 'no-store')
      .status(status)
      .json({ error: { code: status === 404 ? 'not_found' : 'internal', message: '', field: '' } });
  });
  return app;
}

function statusOf(error: unknown): number {
  return typeof error === 'object' &&
    error !== null &&
    'status' in error &&
    typeof error.status === 'number'
    ? error.status
    : 500;
}

/** Without a folder that is given, where `npm run build` leaves the files of the build before. */
function keptAssets(): string {
  return env().KEPT_ASSETS_DIR ?? path.join(root, 'build/kept-assets');
}

/** Before the first page that names this build's files: other processes serve them from then on, too. */
function shareAssets(): void {
  const { KEPT_ASSETS_DIR } = env();
  if (KEPT_ASSETS_DIR === undefined) return;
  try {
    keepAssets(path.join(root, 'build/client/assets'), KEPT_ASSETS_DIR);
  } catch (error) {
    log().error({ err: error }, 'The files of this build could not be kept');
  }
}

/** Ends what is under way, then closes connections to core, database and queue. */
async function drain(server: Server): Promise<void> {
  startDraining();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await closed;
  await closeAll();
}

async function main(): Promise<void> {
  const { PORT } = env();
  await startTelemetry('web');
  const file = path.join(root, 'build/server/index.js');
  if (!existsSync(file)) throw new Error('There is no build; run `npm run build` first.');
  const build = (await import(pathToFileURL(file).href)) as ServerBuild;
  shareAssets();
  const server = createApp(build).listen(PORT, () =>
    log().info({ port: PORT }, 'The web server is ready'),
  );
  // Longer than a load balancer keeps an idle connection, so that it never sends into one being closed.
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 66_000;
  // From the first byte to the last of a request: long enough for slow clients, short enough against held connections.
  server.requestTimeout = 60_000;
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log().info({ signal }, 'The web server is stopping');
    setTimeout(() => process.exit(1), drainMs).unref();
    void drain(server).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('unhandledRejection', unhandled);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  await main();
