// Puts the emulator together: one shop, its endpoints, and how the app's calls find them.
import http from 'node:http';
import { mkdtempSync, rmSync, existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inboxPage } from '../messages/inbox-page.ts';
import { openPostOffice, type PostOffice } from '../messages/post-office.ts';
import { AdminGraphql } from './admin-graphql/execute.ts';
import { adminSchema } from './admin-graphql/schema.ts';
import { adminApi } from './admin-api.ts';
import { readAppConfig } from './app-config.ts';
import { BulkRunner } from './bulk-runner.ts';
import { certificateFor } from './certificate.ts';
import { Clock } from './clock.ts';
import { connectProxy, type HostHandler } from './connect-proxy.ts';
import { declareMetafields } from './declared-metafields.ts';
import { control } from './control.ts';
import { runScheduled } from './control-shop.ts';
import { controlPage } from './control-page.ts';
import {
  close,
  forward,
  type Headers,
  html,
  json,
  listen,
  parseObject,
  readBody,
  redirect,
  send,
  text,
} from './http.ts';
import { FILES, pictureFile } from './products.ts';
import { freshShop, seedDemo } from './seed.ts';
import { appBridgeScript, mintIdToken, shellApi, shellPage } from './shell.ts';
import { Store } from './state.ts';
import { Storefront } from './storefront.ts';
import { WebhookSender } from './webhooks.ts';
import type { LogEntry, Settings, ShellPlace, World } from './world.ts';

export interface EmulatorOptions {
  /** Where the app listens. */
  appUrl: string;
  /** 0 or nothing: any free port. */
  port?: number;
  tunnelPort?: number;
  proxyPort?: number;
  host?: string;
  apiKey?: string;
  apiSecret?: string;
  shop?: string;
  /** State and certificate live here; without it nothing outlives the emulator. */
  dataDir?: string;
  themeDir?: string;
  surfacesDir?: string;
  appConfigFile?: string;
  seed?: 'none' | 'demo';
  /** The shop's, when it is made; USD. */
  currency?: string;
  /** Generated customers beside the named ones of the demo seed. */
  customers?: number;
  /** The app's name on https in browser tests. */
  appHost?: string;
  retryScale?: number;
  bulkDelayMs?: number;
  /** Called for everything worth logging, such as a refused host. */
  onLog?: (entry: LogEntry) => void;
}

export interface Emulator {
  shop: string;
  shellUrl: string;
  tunnelUrl: string;
  proxyUrl: string;
  storeUrl: string;
  certificatePath: string;
  /** The environment variables that send a Node process's calls here. */
  environment: Record<string, string>;
  world: World;
  /** What the message providers took. */
  postOffice: PostOffice;
  /** A session token as the admin would hand it out now. */
  idToken(): string;
  /** The control API, in process. Throws what the endpoint would refuse. */
  control(verb: string, body?: unknown): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

const APP_BRIDGE = 'https://cdn.shopify.com/shopifycloud/app-bridge.js';
const KEEP_LOG = 1_000;
const SCHEDULE_EVERY_MS = 1_000;

export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const host = options.host ?? '127.0.0.1',
    temporary =
      options.dataDir === undefined ? mkdtempSync(join(tmpdir(), 'emulator-')) : undefined;
  const settings: Settings = {
    shop: options.shop ?? 'demo-store.myshopify.com',
    apiKey: options.apiKey ?? 'demo-client-id',
    apiSecret: options.apiSecret ?? 'demo-client-secret',
    appUrl: options.appUrl,
    appHost: options.appHost ?? 'app.example.test',
    dataDir: options.dataDir,
    themeDir: options.themeDir ?? 'extensions/loyalnest-theme',
    surfacesDir: options.surfacesDir ?? 'build/surfaces',
    retryScale: options.retryScale ?? 1 / 60,
    bulkDelayMs: options.bulkDelayMs ?? 300,
  };
  const certificate = await certificateFor(
    join(options.dataDir ?? temporary ?? '', 'tls'),
    settings.appHost,
  );
  adminSchema();
  const stateFile = options.dataDir === undefined ? undefined : join(options.dataDir, 'shop.json'),
    known = stateFile !== undefined && existsSync(stateFile);
  const config = readAppConfig(options.appConfigFile),
    fresh = (): ReturnType<typeof freshShop> =>
      freshShop(settings.shop, config.scopes, options.currency);
  const store = new Store(stateFile, fresh),
    entries: LogEntry[] = [],
    postOffice = openPostOffice();
  const world: World = {
    settings,
    store,
    config,
    clock: new Clock(store.data.clockOffset),
    entries,
    get data() {
      return store.data;
    },
    emit: (topic, payload, emitOptions) => sender.emit(topic, payload, emitOptions),
    runBulk: (operation) => bulk.start(operation),
    log: (kind, detail) => {
      const entry: LogEntry = { at: new Date().toISOString(), kind, ...detail };
      entries.push(entry);
      if (entries.length > KEEP_LOG) entries.shift();
      options.onLog?.(entry);
    },
  };
  // Definitions and scopes follow the app's configuration, as after a deploy.
  declareMetafields(world);
  if (store.data.installation.installed) store.data.installation.scopes = config.scopes;
  const sender = new WebhookSender(world),
    bulk = new BulkRunner(world),
    graphql = new AdminGraphql(world),
    storefront = new Storefront(world);
  if (!known && options.seed !== 'none') seedDemo(world, options.customers ?? 0);
  bulk.resume();
  const tools = {
    sender,
    graphql,
    reset: (seed: 'none' | 'demo', customers: number): void => {
      // The app stays installed, with its tokens and the definitions it made then.
      const { installation, definitions } = store.data;
      store.data = fresh();
      if (installation.installed)
        Object.assign(store.data, {
          definitions,
          installation: { ...installation, scopes: config.scopes },
        });
      declareMetafields(world);
      world.clock.offset = 0;
      graphql.bucket.refill();
      if (seed === 'demo') seedDemo(world, customers);
      store.changed();
    },
  };
  const scheduler = setInterval(() => runScheduled(world), SCHEDULE_EVERY_MS);
  scheduler.unref();

  const answerControl = async (
    request: http.IncomingMessage,
    response: http.ServerResponse,
    url: URL,
  ): Promise<void> => {
    if (url.pathname === '/_control' || url.pathname === '/_control/')
      return send(response, controlPage(world));
    const verb = decodeURIComponent(url.pathname.slice('/_control/'.length));
    const body =
      request.method === 'GET'
        ? Object.fromEntries(
            [...url.searchParams].map(([key, value]) => [
              key,
              /^\d+$/.test(value) ? Number(value) : value,
            ]),
          )
        : parseObject(await readBody(request));
    if (request.method === 'GET' && !['state', 'deliveries'].includes(verb))
      return send(response, json({ error: { code: 'method', message: 'POST it' } }, 405));
    if (body === undefined)
      return send(
        response,
        json({ error: { code: 'invalid', message: 'the body is not a JSON object' } }, 400),
      );
    const answer = await control(world, verb, body, tools);
    send(response, json(answer.body, answer.status));
  };

  // For a person: the admin, the shop and the control panel on one plain http port.
  const shellServer = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', shellUrl()),
      { pathname } = url;
    const place: ShellPlace = { appOrigin: tunnelUrl(), adminBase: '/admin', local: true };
    const answer = async (): Promise<void> => {
      if (pathname.startsWith('/_control')) return answerControl(request, response, url);
      if (pathname.startsWith('/_messages')) return send(response, inboxPage(postOffice, url));
      if (pathname.startsWith('/_shell/')) return send(response, shellApi(world, url, place));
      if (pathname === '/shopifycloud/app-bridge.js') return send(response, appBridgeScript());
      if (pathname.startsWith('/_assets/'))
        return send(response, storefront.asset(pathname.slice('/_assets/'.length)));
      if (pathname.startsWith(FILES)) return send(response, pictureFile(pathname));
      if (pathname === '/healthz') return send(response, json({ ok: true }));
      if (pathname === '/favicon.ico')
        return send(response, { status: 204, type: 'text/plain', body: '' });
      if (pathname === '/' || pathname === '/admin' || pathname.startsWith('/admin/'))
        return send(response, shellPage(world, url, place));
      const base = pathname === '/store' || pathname.startsWith('/store/') ? '/store' : '';
      if (
        base === '' &&
        !/^(\/(es|fr))?\/(apps|a|community|tools)\//.test(pathname) &&
        !pathname.startsWith('/cart') &&
        !pathname.startsWith('/discount/') &&
        !pathname.startsWith('/account')
      )
        return send(
          response,
          html('<p>Not found. <a href="/">Admin</a> <a href="/store">Shop</a></p>', 404),
        );
      // The shop's own absolute paths, as scripts of a theme use them, lead into /store.
      if (
        base === '' &&
        request.method === 'GET' &&
        !/^(\/(es|fr))?\/(apps|a|community|tools)\//.test(pathname) &&
        !pathname.endsWith('.js')
      )
        return send(response, redirect(`/store${pathname}${url.search}`));
      return storefront.handle(request, response, url, {
        base,
        secure: false,
        appOrigin: tunnelUrl(),
        assetUrl: (file) => `/_assets/${file}`,
      });
    };
    answer().catch((error: unknown) => fail(response, error));
  });
  const fail = (response: http.ServerResponse, error: unknown): void => {
    world.log('error', {
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    if (!response.headersSent)
      send(
        response,
        text(`The emulator failed: ${error instanceof Error ? error.message : String(error)}`, 500),
      );
    else response.destroy();
  };

  // The app as an ordinary browser sees it: framed by the shell, and with the emulator's App Bridge.
  const tunnelServer = http.createServer((request, response) => {
    const headers: Headers = {
      ...(request.headers as Headers),
      host: `localhost:${ports.tunnel}`,
      'x-forwarded-host': `localhost:${ports.tunnel}`,
      'x-forwarded-proto': 'http',
      'x-forwarded-for': '127.0.0.1',
      'accept-encoding': 'identity',
    };
    const local = `${shellUrl()}/shopifycloud/app-bridge.js`;
    forward(request, response, {
      appUrl: settings.appUrl,
      path: request.url ?? '/',
      headers,
      rewrites: (type) => /html|javascript/.test(type),
      rewrite: ({ headers: answer, body }) => {
        const changed = { ...answer } as Headers,
          policy = answer['content-security-policy'];
        if (typeof policy === 'string')
          changed['content-security-policy'] = policy.replace(
            'frame-ancestors ',
            `frame-ancestors ${shellUrl()} `,
          );
        delete changed['link'];
        if (body) delete changed['content-length'];
        return {
          headers: changed,
          body: body && Buffer.from(body.toString('utf8').replaceAll(APP_BRIDGE, local)),
        };
      },
    });
  });

  // For machines, and for a browser under test.
  const handle: HostHandler = async (request, response, url, name) => {
    const { pathname } = url;
    if (postOffice.isPlayed(name)) return postOffice.handle(request, response, name);
    if (name === 'cdn.shopify.com') {
      if (pathname === '/shopifycloud/app-bridge.js') return send(response, appBridgeScript());
      if (pathname.startsWith('/extensions/'))
        return send(response, storefront.asset(pathname.split('/').pop() ?? ''));
      world.log('unmodelled', { host: name, path: pathname });
      return send(response, text('not modeled', 404));
    }
    if (pathname.startsWith(FILES)) return send(response, pictureFile(pathname));
    if (name === 'admin.shopify.com') {
      const base = `/store/${settings.shop.split('.')[0] ?? ''}`,
        place: ShellPlace = {
          appOrigin: `https://${settings.appHost}`,
          adminBase: base,
          local: false,
        };
      if (pathname.startsWith('/_shell/')) return send(response, shellApi(world, url, place));
      if (pathname.startsWith('/_control')) return answerControl(request, response, url);
      return pathname.startsWith(base) || pathname === '/'
        ? send(response, shellPage(world, url, place))
        : send(response, text('not modeled', 404));
    }
    if (name === 'storage.googleapis.com') {
      const token = /\/bulk-operation-outputs\/([a-f0-9]+)-final$/.exec(pathname)?.[1],
        file = token ? bulk.fileOf(token) : undefined;
      const result =
        token === undefined
          ? undefined
          : (bulk.results.get(token) ??
            (file && existsSync(file) ? readFileSync(file, 'utf8') : undefined));
      return result === undefined
        ? send(response, text('NoSuchKey', 404))
        : send(response, { status: 200, type: 'application/jsonl', body: result });
    }
    if (name === settings.appHost)
      return forward(request, response, {
        appUrl: settings.appUrl,
        path: request.url ?? '/',
        headers: {
          ...(request.headers as Headers),
          host: name,
          'x-forwarded-host': name,
          'x-forwarded-proto': 'https',
          'x-forwarded-for': '127.0.0.1',
        },
      });
    if (name.endsWith('.myshopify.com')) {
      if (/^\/admin\/(oauth|api)\//.test(pathname))
        return adminApi(world, graphql, request, response, url, name);
      if (name !== settings.shop) return send(response, text('There is no such shop', 404));
      if (pathname.startsWith('/admin'))
        return send(
          response,
          redirect(
            `https://admin.shopify.com/store/${settings.shop.split('.')[0] ?? ''}${pathname.slice('/admin'.length)}${url.search}`,
          ),
        );
      return storefront.handle(request, response, url, {
        base: '',
        secure: true,
        appOrigin: `https://${settings.appHost}`,
        assetUrl: (asset) => `https://cdn.shopify.com/extensions/loyalnest-theme/assets/${asset}`,
      });
    }
    world.log('unmodelled', { host: name, path: pathname });
    return send(response, text('not modeled', 404));
  };
  const proxy = connectProxy(world, certificate, handle, (host) => postOffice.isPlayed(host));

  const ports = { shell: 0, tunnel: 0, proxy: 0 };
  const shellUrl = (): string => `http://localhost:${ports.shell}`,
    tunnelUrl = (): string => `http://localhost:${ports.tunnel}`;
  ports.shell = await listen(shellServer, options.port ?? 0, host);
  ports.tunnel = await listen(tunnelServer, options.tunnelPort ?? 0, host);
  ports.proxy = await listen(proxy.server, options.proxyPort ?? 0, host);
  const proxyUrl = `http://127.0.0.1:${ports.proxy}`;
  return {
    shop: settings.shop,
    shellUrl: shellUrl(),
    tunnelUrl: tunnelUrl(),
    storeUrl: `${shellUrl()}/store`,
    proxyUrl,
    certificatePath: certificate.path,
    world,
    postOffice,
    environment: {
      NODE_USE_ENV_PROXY: '1',
      HTTPS_PROXY: proxyUrl,
      NO_PROXY: 'localhost,127.0.0.1',
      NODE_EXTRA_CA_CERTS: certificate.path,
    },
    idToken: () => mintIdToken(world),
    control: async (verb, body = {}) => {
      const answer = await control(world, verb, body, tools);
      if (answer.status >= 400)
        throw new Error(
          `${verb}: ${(answer.body as { error: { message: string } }).error.message}`,
        );
      return answer.body as Record<string, unknown>;
    },
    stop: async () => {
      clearInterval(scheduler);
      sender.stop();
      bulk.stop();
      proxy.close();
      await Promise.all([close(shellServer), close(tunnelServer), close(proxy.server)]);
      store.flush();
      if (temporary) rmSync(temporary, { recursive: true, force: true });
    },
  };
}
