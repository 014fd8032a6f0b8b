import { tryFrontMatter } from './tryFrontMatter.ts';

export interface RunbookStep {
  /** From 1. */
  readonly number: number;
  /** One line of markdown. */
  readonly text: string;
  /** Zero-based line in the file. */
  readonly line: number;
}

export interface Runbook {
  readonly title: string;
  readonly steps: readonly RunbookStep[];
}

/**
 * Reads a runbook: its steps are the entries of its numbered lists and of its lists of boxes that are not below another entry. A file
 * whose front matter is broken is read without.
 * @param path for a title where the file has none
 */
export function readRunbook(path: string, source: string): Runbook {
  const text = source.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const matter = tryFrontMatter(path, text);
  const titled = 'code' in matter ? undefined : matter.text('title');
  let heading: string | undefined;
  let fence: string | undefined;
  const steps: RunbookStep[] = [];
  for (const [line, written] of text.split('\n').entries()) {
    const ticks = /^ {0,3}(`{3,}|~{3,})/.exec(written)?.[1];
    if (ticks !== undefined) {
      if (fence === undefined) fence = ticks;
      else if (ticks.startsWith(fence)) fence = undefined;
      continue;
    }
    if (fence !== undefined) continue;
    heading ??= /^#\s+(.+?)\s*#*$/.exec(written)?.[1];
    const step = /^ ?(?:\d{1,9}[.)]\s+(?:\[[ xX]\]\s+)?|[-*+]\s+\[[ xX]\]\s+)(\S.*)$/.exec(written)?.[1];
    if (step !== undefined) steps.push({ number: steps.length + 1, text: step.trim(), line });
  }
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.md$/i, '');
  return { title: titled || heading || name, steps };
}
