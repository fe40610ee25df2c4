import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { TemplatePage } from '../features/message-templates/template-page.tsx';
import { changeTemplate, loadTemplate } from '../features/message-templates/templates.server.ts';

export const loader = merchantLoader(loadTemplate);
export const action = merchantAction(changeTemplate);

export default function MessageTemplateRoute() {
  const data = useLoaderData<typeof loader>();
  // Another message is another form.
  return <TemplatePage key={data.type} {...data} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
