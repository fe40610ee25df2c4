/** The revision the form was opened with; empty in a form from the previous release, which is not checked. */
export function revisionOf(form: FormData): string {
  const revision = form.get('revision');
  return typeof revision === 'string' ? revision.slice(0, 64) : '';
}
