/** One action item in the list of an issue whose server has no sub-issues. */
export interface ListedAction {
  readonly number: number;
  readonly isDone: boolean;
}

const opening = '<!-- firebreak:links -->';
const ownLine = /^(?:\*\*RCA\*\*: \[rca\.md\]\(https?:\/\/[^\s()<>]+\)|\*\*Action items\*\*|- \[[ x]\] #[1-9]\d*|)$/;

/** What an issue says of its incident below the text: where its review is, and its action items where they are no sub-issues. */
export function formatLinks(review: string | undefined, actions: readonly ListedAction[]): string {
  const listed = [...actions]
    .sort((left, right) => left.number - right.number)
    .map(({ number, isDone }) => `- [${isDone ? 'x' : ' '}] #${number}`);
  return [
    ...(review === undefined ? [] : [`**RCA**: [rca.md](${review})`]),
    ...(listed.length === 0 ? [] : [...(review === undefined ? [] : ['']), '**Action items**', ...listed]),
  ].join('\n');
}

/** The action items that an issue lists. */
export function listedIn(links: string): ListedAction[] {
  const lines = [...links.matchAll(/^- \[([ x])\] #(\d+)$/gm)];
  return lines.map(([, tick, number]) => ({ number: Number(number), isDone: tick === 'x' }));
}

export function linksBlock(links: string): string {
  return `${opening}\n${links}`;
}

/**
 * Takes what Firebreak added off a text. Only lines that it writes itself are taken off: what a person wrote among them is
 * part of their text, and stays.
 */
export function withoutLinks(text: string): { readonly text: string; readonly links: string } {
  const start = text.lastIndexOf(`${opening}\n`);
  if (start < 0 || (start > 0 && text[start - 1] !== '\n')) return { text, links: '' };
  const before = text.slice(0, start);
  const added = text.slice(start + opening.length + 1).trimEnd();
  if (added.split('\n').some((line) => !ownLine.test(line))) return { text: `${before}${added}`, links: '' };
  return { text: before.trimEnd(), links: added };
}
