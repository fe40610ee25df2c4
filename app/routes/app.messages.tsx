import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { MessagesPage } from '../features/messages/messages-page.tsx';
import { loadMessages, retryMessage } from '../features/messages/messages.server.ts';

export const loader = merchantLoader(loadMessages);
export const action = merchantAction(retryMessage);

export default function MessagesRoute() {
  return <MessagesPage {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
