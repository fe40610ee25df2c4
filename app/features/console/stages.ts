import { SIGN_IN_STAGES } from '#vocabulary/console.ts';

/** The next page for each sign-in stage. */
export function pageOfStage(stage: string): string {
  switch (SIGN_IN_STAGES.find((known) => known === stage)) {
    case 'signed_in':
      return '/console';
    case 'second_factor':
      return '/console/code';
    case 'new_password':
    case 'enrolment':
      return '/console/enrol';
    case undefined:
      return '/console/sign-in';
  }
}
