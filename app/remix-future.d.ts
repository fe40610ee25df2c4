import '@remix-run/node';

// remix.config.js switches single fetch on; with this, loaders' types arrive in components as they are.
declare module '@remix-run/node' {
  interface Future {
    v3_singleFetch: true;
  }
}
