/**
 * In every token of every test, and nowhere else: what is left on a disk or in a log can be searched for it. Put together
 * while running, so that neither sources nor bundles of tests hold it.
 */
export const secretMark = ['ghp', 'NEVERONDISK'].join('_');

/** The token of a person in tests: of GitHub's form and length, always the same for a login. */
export function testToken(login: string): string {
  const name = login.replace(/[^a-zA-Z0-9]/g, '');
  return `${secretMark}${name.padEnd(25, '0')}`;
}
