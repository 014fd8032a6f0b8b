/**
 * Whether a path that somebody wrote stays inside the folder that it is relative to: forward slashes, not absolute, no
 * `..`, no drive or home. Patterns count, too: their signs are letters here.
 */
export function staysInside(path: string): boolean {
  if (/[\\\p{Cc}]|^[A-Za-z]:|^[/~]/u.test(path)) return false;
  return !path.split('/').includes('..');
}
