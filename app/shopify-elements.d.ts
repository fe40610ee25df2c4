import type { ReactNode } from 'react';

// An entry of the app's menu in Shopify's admin; App Bridge reads it. Its types come with Polaris's web components only.
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      's-link': { href: string; rel?: 'home'; children?: ReactNode };
    }
  }
}
