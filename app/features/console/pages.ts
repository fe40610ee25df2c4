import type { ConsoleScope } from '#vocabulary/console.ts';

type PageName = 'home' | 'queues' | 'deliveries' | 'erasures' | 'admins' | 'account';

const pages: readonly { path: string; name: PageName; scope?: ConsoleScope }[] = [
  { path: '/console', name: 'home', scope: 'admin:overview' },
  { path: '/console/queues', name: 'queues', scope: 'admin:queues' },
  { path: '/console/deliveries', name: 'deliveries', scope: 'admin:logs' },
  { path: '/console/erasures', name: 'erasures', scope: 'admin:logs' },
  { path: '/console/admins', name: 'admins', scope: 'admin:full_access' },
  { path: '/console/account', name: 'account' },
];

/** Pages that a role may not open are not listed. */
export function pagesFor(scopes: readonly string[]) {
  return pages.filter(({ scope }) => scope === undefined || scopes.includes(scope));
}
