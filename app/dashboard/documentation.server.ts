import project from '../../package.json' with { type: 'json' };

/**
 * Where the merchant's documentation can be read, without a slash at its end: the address that is set, or the folder in
 * the repository that package.json names as the project's page.
 */
export function documentationAddress(configured: string | undefined): string {
  return (configured ?? `${project.homepage.replace(/\/$/, '')}/blob/main/docs/merchant`).replace(
    /\/$/,
    '',
  );
}
