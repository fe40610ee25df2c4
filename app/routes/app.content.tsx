import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { ContentPage } from '../features/content/content-page.tsx';
import { changeContent, loadContent } from '../features/content/content.server.ts';
import { widgetSamples } from '../features/storefront/preview.server.ts';

export const loader = merchantLoader(async (merchant) => {
  const [content, samples] = await Promise.all([loadContent(merchant), widgetSamples(merchant)]);
  return { ...content, samples, isProgramActive: samples.en.guest.program.active };
});
export const action = merchantAction(changeContent);

export default function ContentRoute() {
  return <ContentPage {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
