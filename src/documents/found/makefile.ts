/** A target that people may call. */
export interface MakeTarget {
  readonly name: string;
  /** What its `##` comment says, without the parameters. */
  readonly help: string;
  /** The `name=value` pairs of that comment: what it takes, and what it gets unless told. */
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  readonly recipe: string;
}

const targetLine = /^([A-Za-z0-9][\w./ -]*?)\s*::?(?!=)\s*(.*)$/;
const pair = /(?:^|\s)([A-Za-z_]\w*)=("[^"]*"|'[^']*'|\S*)/g;

/**
 * The targets of a Makefile that are written out: no patterns, no variables, no special ones. Nothing is evaluated; what only
 * make itself could tell is not found.
 */
export function readMakefile(source: string): MakeTarget[] {
  const targets = new Map<string, MakeTarget>();
  let open: string[] = [];
  const add = (name: string, change: Partial<MakeTarget>) => {
    const known = targets.get(name) ?? { name, help: '', parameters: [], recipe: '' };
    targets.set(name, { ...known, ...change });
  };
  for (const line of source.replace(/\r\n?/g, '\n').split('\n')) {
    if (line.startsWith('\t')) {
      for (const name of open) add(name, { recipe: `${targets.get(name)?.recipe ?? ''}${line.slice(1)}\n` });
      continue;
    }
    if (line.trim() === '' || line.startsWith('#')) continue;
    const match = targetLine.exec(line);
    const names = match?.[1]?.split(/\s+/).filter((name) => /^[\w./-]+$/.test(name)) ?? [];
    open = names;
    const help = /##\s*(.*)$/.exec(match?.[2] ?? '')?.[1];
    for (const name of names) {
      add(
        name,
        help === undefined
          ? {}
          : { help: help.replace(pair, '').replace(/^[\s:,;]+|[\s:,;]+$/g, ''), parameters: pairsIn(help) },
      );
    }
  }
  return [...targets.values()];
}

/** Without quotes, and without what ends a phrase; `…` stands for nothing in particular. */
function plainValue(value: string): string {
  const phrase = value.replace(/[:,;]$/, '');
  return phrase.replace(/^(["'])(.*)\1$/, '$2').replace(/^\.\.\.$|^…$|^<.*>$/, '');
}

function pairsIn(help: string): MakeTarget['parameters'] {
  return [...help.matchAll(pair)].map(([, name = '', value = '']) => ({
    name,
    value: plainValue(value),
  }));
}
