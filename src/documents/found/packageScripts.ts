/** The scripts of a `package.json`; none where it is broken. */
export function readScripts(source: string): { readonly name: string; readonly script: string }[] {
  const value = parse(source);
  const scripts = typeof value === 'object' && value !== null && 'scripts' in value ? value.scripts : undefined;
  if (typeof scripts !== 'object' || scripts === null) return [];
  return Object.entries(scripts).flatMap(([name, script]) =>
    // The hooks of another script are no acts of their own.
    typeof script === 'string' && !(/^(?:pre|post)/.test(name) && name.replace(/^(?:pre|post)/, '') in scripts)
      ? [{ name, script }]
      : [],
  );
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}
