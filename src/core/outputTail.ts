/** How much is held of what a program prints, in characters: enough that a secret before the shown part is seen whole. */
const heldCharacters = 64_000;
/** How much of it is recorded. */
const keptLines = 40;
const keptCharacters = 4_000;

const introducer = '\u001b';
const bell = '\u0007';
/** Colours, movements of the cursor, titles of windows, and what a shell tells its editor (ECMA-48). */
const escapeSequences = new RegExp(
  [
    `${introducer}\\[[0-?]*[ -/]*[@-~]`,
    `${introducer}[\\]PX^_][^${bell}${introducer}]*(?:${bell}|${introducer}\\\\)`,
    `${introducer}[ -/]*[0-~]`,
  ].join('|'),
  'g',
);
const controls = /(?![\n\t])\p{Cc}/gu;

/**
 * The end of what a program prints, however much that is. The pieces come as a terminal gets them; they are put together
 * before anybody looks for secrets in them, so that none is missed because it came in two.
 */
export class OutputTail {
  #pieces: string[] = [];
  #length = 0;
  #isCut = false;

  add(piece: string): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
    // Joined now and then, not for each piece: a program that prints 100 MB must not cost 100 MB.
    if (this.#length > 4 * heldCharacters || this.#pieces.length > 4_000) this.#shorten();
  }

  /** As a person reads it: without colours and other signs for terminals, each line as it stood at last. */
  text(): string {
    const text = readable(this.#shorten());
    // Half a line may begin with half a secret, which nothing recognises.
    return this.#isCut ? text.slice(text.indexOf('\n') + 1) : text;
  }

  #shorten(): string {
    const all = this.#pieces.join('');
    const end = all.slice(-heldCharacters);
    this.#isCut ||= end.length < all.length;
    this.#pieces = [end];
    this.#length = end.length;
    return end;
  }
}

function readable(text: string): string {
  return text
    .replace(escapeSequences, '')
    .replace(/\r+\n/g, '\n')
    .split('\n')
    .map((line) => line.replace(/\r+$/, '').replace(/^[^\n]*\r/, ''))
    .join('\n')
    .replace(controls, '')
    .trimEnd();
}

/** The last lines of an output, for a record. What is left out before them is said. */
export function lastLines(output: string): string {
  const text = output.trimEnd();
  const lines = text.split('\n');
  let kept = lines.slice(-keptLines).join('\n');
  if (kept.length > keptCharacters) {
    const end = kept.slice(-keptCharacters);
    const line = end.indexOf('\n');
    // One line longer than all that is kept: its end.
    kept = line < 0 ? end : end.slice(line + 1);
  }
  return kept.length < text.length ? `…\n${kept}` : kept;
}
