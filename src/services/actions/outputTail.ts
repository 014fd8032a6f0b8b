import stripAnsi from 'strip-ansi';

/** What was written last, as text to read: without colours, cursor movements and lines that were written over. */
export class OutputTail {
  readonly #most: number;
  #text = '';
  #length = 0;

  /** @param most characters that are kept of what was written */
  constructor(most = 64 * 1024) {
    this.#most = most;
  }

  add(text: string): void {
    this.#length += text.length;
    this.#text = (this.#text + text).slice(-2 * this.#most);
    if (this.#text.length > this.#most) this.#text = this.#text.slice(-this.#most);
  }

  /** Characters that were written in all. */
  get length(): number {
    return this.#length;
  }

  /** All that is kept, for those who look for secrets in it: they must see it whole. */
  get kept(): string {
    return plain(this.#text);
  }
}

function plain(text: string): string {
  return (
    stripAnsi(text)
      .replace(/\r+\n/g, '\n')
      // A line that was written over, as progress is, reads as it was at last.
      .replace(/^.*\r(?=[^\n])/gm, '')
      .replace(/[^\P{Cc}\n\t]/gu, '\ufffd')
      .replace(/\ufffd{4,}/g, '\ufffd…\ufffd')
  );
}

/** The last lines of a text, as many as a timeline is readable with. */
export function lastLines(
  text: string,
  lines: number,
  characters: number,
): { readonly text: string; readonly isCut: boolean } {
  const trimmed = text.replace(/\s+$/, '');
  const last = trimmed.split('\n').slice(-lines).join('\n').slice(-characters);
  return { text: last, isCut: last.length < trimmed.length };
}
