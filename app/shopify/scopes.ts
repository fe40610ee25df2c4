/** Of the scopes that the app needs, those that a shop has not granted. Anyone who may write a thing may read it. */
export function missingScopes(needed: readonly string[], granted: Iterable<string>): string[] {
  const has = new Set(granted);
  return needed.filter((scope) => !has.has(scope) && !has.has(scope.replace(/^read_/, 'write_')));
}
