/** The address of the page that tells a shop how it is served. */
export const STATUS_PAGE = '/app/status';

/** The first page, which shows what there is, part by part. */
const HOME_PAGE = '/app';

/** Pages that are shown also while core or the database does not answer, also of their data alone. */
export function isShownWhileDown(pathname: string): boolean {
  const path = pathname.replace(/\/$/, '');
  return path === HOME_PAGE || path === `${HOME_PAGE}.data` || isStatusPage(path);
}

/** Also of its data alone. */
function isStatusPage(pathname: string): boolean {
  return pathname === STATUS_PAGE || pathname === `${STATUS_PAGE}.data`;
}
