/**
 * How files are named that exist only while another is written. Nothing reads, shows or commits them: they end in
 * none of the extensions that Firebreak reads, and one that a crash left behind is no document.
 */
const form = /^\.firebreak-[0-9a-f]{12}\.tmp$/;

/** @param unique 12 hexadecimal digits that no other process uses */
export function temporaryName(unique: string): string {
  return `.firebreak-${unique}.tmp`;
}

/** @param path a name, or a path with forward slashes */
export function isTemporaryName(path: string): boolean {
  return form.test(path.slice(path.lastIndexOf('/') + 1));
}
