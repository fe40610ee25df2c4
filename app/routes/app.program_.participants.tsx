import { useLoaderData } from '@remix-run/react';
import { merchantAction, merchantLoader } from '../dashboard/merchant-request.server.ts';
import { RouteError } from '../dashboard/route-error.tsx';
import { ParticipantsPage } from '../features/participants/participants-page.tsx';
import {
  loadParticipants,
  saveParticipants,
} from '../features/participants/participants.server.ts';

export const loader = merchantLoader(loadParticipants);
export const action = merchantAction(saveParticipants);

export default function ParticipantsRoute() {
  return <ParticipantsPage {...useLoaderData<typeof loader>()} />;
}

export { RouteError as ErrorBoundary };
export {
  keepForm as clientAction,
  unlessRefused as shouldRevalidate,
} from '../dashboard/kept-form.ts';
