/**
 * Remix's options; vite.config.ts hands them to the Vite plugin.
 *
 * @type {NonNullable<Parameters<typeof import('@remix-run/dev').vitePlugin>[0]>}
 */
export default {
  appDirectory: 'app',
  buildDirectory: 'build',
  serverModuleFormat: 'esm',
  ignoredRouteFiles: ['**/.*', '**/*.test.{ts,tsx}', '**/*.css'],
  future: {
    v3_fetcherPersist: true,
    v3_relativeSplatPath: true,
    v3_throwAbortReason: true,
    // Off: it keeps notes in sessionStorage, which browsers deny to a frame in incognito; the whole manifest is small.
    v3_lazyRouteDiscovery: false,
    // With it Remix keeps Node's own fetch, which follows the proxy named in the environment.
    v3_singleFetch: true,
  },
};
