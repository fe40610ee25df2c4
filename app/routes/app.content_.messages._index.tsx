import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { TemplatesPage } from '../features/message-templates/templates-page.tsx';
import { loadTemplates, switchTemplate } from '../features/message-templates/templates.server.ts';

export const loader = merchantLoader(loadTemplates);
export const action = merchantAction(switchTemplate);

export default function MessageTemplatesRoute() {
  return <TemplatesPage {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
