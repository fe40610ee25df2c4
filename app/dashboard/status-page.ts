/** The address of the page that tells a shop how it is served. */
export const STATUS_PAGE = '/app/status';

/** Also of its data alone. */
export function isStatusPage(pathname: string): boolean {
  return pathname === STATUS_PAGE || pathname === `${STATUS_PAGE}.data`;
}
