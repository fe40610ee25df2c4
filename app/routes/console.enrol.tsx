import { useActionData, useLoaderData } from '@remix-run/react';
import { enrol, loadEnrolment } from '../features/console/account.server.ts';
import { consoleAction, consoleLoader } from '../features/console/console-request.server.ts';
import { EnrolPage } from '../features/console/enrol-page.tsx';
import type { SignInStage } from '#vocabulary/console.ts';

const stages: readonly SignInStage[] = ['new_password', 'enrolment'];
export const loader = consoleLoader(loadEnrolment, { stages });
export const action = consoleAction(enrol, { stages });
// The codes are shown once, by the answer that makes the session a whole one: asking again would lead away from them.
export const shouldRevalidate = ({ actionResult }: { actionResult?: unknown }) =>
  !(typeof actionResult === 'object' && actionResult !== null && 'recoveryCodes' in actionResult);

export default function Enrol() {
  const answer = useActionData<{ recoveryCodes?: string[] }>();
  return <EnrolPage {...useLoaderData<typeof loader>()} recoveryCodes={answer?.recoveryCodes} />;
}
