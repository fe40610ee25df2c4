/** What the form was opened with; empty in a form of the release before, which is then not checked. */
export function revisionOf(form: FormData): string {
  const revision = form.get('revision');
  return typeof revision === 'string' ? revision.slice(0, 64) : '';
}
