import type { ClientLoaderFunctionArgs } from '@remix-run/react';
import { merchantLoaderAnyway } from '../dashboard/merchant-request.server.ts';
import { loadLivePreview, noPreview } from '../features/content/preview/live-preview.server.ts';
import { widgetSamples } from '../features/storefront/preview.server.ts';

export const loader = merchantLoaderAnyway(
  (merchant) => loadLivePreview(merchant, widgetSamples(merchant)),
  () => Promise.resolve(noPreview),
);

/** It is asked for beside a form that is being typed in: a connection that breaks must not take the page down. */
export const clientLoader = ({ serverLoader }: ClientLoaderFunctionArgs) =>
  serverLoader<typeof loader>().catch(() => ({ shop: null }));
