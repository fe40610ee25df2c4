import { vitePlugin as remix } from '@remix-run/dev';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import {
  pageWordsPlugin,
  polarisWordsPlugin,
  themeTokensPlugin,
} from './infra/local/vite-plugins.ts';
import remixConfig from './remix.config.js';

// Under `shopify app dev` the browser comes by a tunnel, and its socket by the same.
const tunnel = new URL(process.env.SHOPIFY_APP_URL || 'http://localhost');
const isTunnelled = tunnel.protocol === 'https:';

export default defineConfig({
  server: isTunnelled
    ? {
        allowedHosts: [tunnel.hostname],
        hmr: { protocol: 'wss', clientPort: 443 },
      }
    : {},
  plugins: [
    tailwindcss(),
    pageWordsPlugin(),
    polarisWordsPlugin(),
    themeTokensPlugin(),
    remix(remixConfig),
  ],
  build: {
    // Shopify's admin forbids data: URLs for scripts and fonts in some places, and files are cached for a year.
    assetsInlineLimit: 0,
    sourcemap: false,
    target: 'es2022',
    // Three percent smaller than what the default minifier leaves, which is what the pages' budget wants.
    minify: 'terser',
    terserOptions: { ecma: 2020, compress: { passes: 3, unsafe_arrows: true } },
  },
  ssr: {
    noExternal: ['@shopify/shopify-app-remix'],
  },
  // Named up front: a dependency that Vite discovers late reloads the page with a second React beside the first.
  optimizeDeps: {
    include: [
      'react',
      'react-dom/client',
      '@remix-run/react',
      '@shopify/app-bridge-react',
      '@shopify/polaris',
      '@shopify/polaris-icons',
      '@shopify/shopify-app-remix/react',
      'chart.js',
      'i18next',
      'react-i18next',
      'remix-i18next/react',
    ],
  },
});
