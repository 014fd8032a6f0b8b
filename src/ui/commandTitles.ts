import { fields } from '../protocol/parse.ts';

/**
 * What commands are called in the palette, in the user's language, by their ids: errors name them so.
 * @param manifest package.json as VS Code hands it out, its texts filled in
 */
export function commandTitles(manifest: unknown): ReadonlyMap<string, string> {
  const titles = new Map<string, string>();
  const contributed = fields(fields(manifest)?.contributes)?.commands;
  for (const entry of Array.isArray(contributed) ? contributed : []) {
    const { command, title, category } = fields(entry) ?? {};
    if (typeof command !== 'string' || typeof title !== 'string') continue;
    const name = title.replace(/\u2026$/, '');
    titles.set(command, typeof category === 'string' ? `${category}: ${name}` : name);
  }
  return titles;
}
