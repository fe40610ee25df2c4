export type Stage = 'second_factor' | 'new_password' | 'enrolment' | 'signed_in';

/** What a person may do in the console, as core's policies name it. */
export type ConsoleScope = 'admin:full_access' | 'admin:overview' | 'admin:logs' | 'admin:queues';

/** Where somebody goes on who has come to a stage of signing in. */
export function pageOfStage(stage: string): string {
  switch (stage) {
    case 'signed_in':
      return '/console';
    case 'second_factor':
      return '/console/code';
    case 'new_password':
    case 'enrolment':
      return '/console/enrol';
    default:
      return '/console/sign-in';
  }
}
