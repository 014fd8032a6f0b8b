// Escape sequences could repaint the terminal of whoever lists a hostile repository, and bidirectional overrides could
// make a line read as another.
const unprintable = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** One line of text from a file, safe for a terminal: line breaks become spaces, control characters `�`. */
export function plainLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(unprintable, '�').trim();
}

/** Text of several lines, safe for a terminal: line breaks and tabs stay, other control characters become `�`. */
export function plainText(text: string): string {
  return text
    .split(/\r\n?|\n/)
    .map((line) => line.replace(unprintable, (character) => (character === '\t' ? character : '�')))
    .join('\n');
}
