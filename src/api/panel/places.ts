/**
 * The first part of each address of the panel. A browser that opens one of them gets the page, which then shows what the rest says. Nothing else
 * does: a mistyped path of the API is not answered with a page. `/mail` is webmail's.
 */
export const places = [
  'account',
  'accounts',
  'activity',
  'aliases',
  'certificates',
  'checks',
  'domains',
  'mail-history',
  'mail-queue',
  'mail-servers',
  'mail-settings',
  'mailboxes',
  'nameserver',
  'password',
  'secondaries',
  'secondary-zones',
  'transfer-keys',
  'settings',
  'setup',
  'sign-in',
  'tokens',
] as const;

const first = new Set<string>(places);

/** Whether the panel shows something at `path`. */
export function isPlace(path: string): boolean {
  return path === '/' || first.has(path.split('/', 2)[1] ?? '');
}
