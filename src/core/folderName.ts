/**
 * How a folder is written down for others to read: from the root folder on, or from the person's home on, which is called `~`
 * for the name in it is nobody's business. Both of Windows' slashes count.
 * @returns undefined for the root folder itself
 */
export function folderName(folder: string, root: string, home: string): string | undefined {
  const place = withSlashes(folder);
  if (place === withSlashes(root)) return undefined;
  return below(withSlashes(root), place) ?? atHome(withSlashes(home), place) ?? place;
}

function atHome(home: string, place: string): string | undefined {
  if (home === '') return undefined;
  const rest = place === home ? '' : below(home, place);
  return rest === undefined ? undefined : rest === '' ? '~' : `~/${rest}`;
}

function below(folder: string, place: string): string | undefined {
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  return place.startsWith(prefix) ? place.slice(prefix.length) : undefined;
}

function withSlashes(folder: string): string {
  const slashes = /^[A-Za-z]:[\\/]|^\\\\/.test(folder) ? folder.replaceAll('\\', '/') : folder;
  return slashes.length > 1 ? slashes.replace(/\/+$/, '') : slashes;
}
