/** What a `when` clause asks for, as far as it is ours. */
export interface WhenTerms {
  /** Context keys: `firebreak.hasIncident`. */
  readonly keys: readonly string[];
  /** What `view`, `viewItem`, … are compared with. */
  readonly comparisons: readonly Comparison[];
}

export interface Comparison {
  readonly key: string;
  readonly operator: string;
  /** A word, or the pattern between the slashes. */
  readonly value: string;
}

const term =
  /([\w.:]+)(?:\s*(==|!=|=~|>=?|<=?|in)(?![\w.])\s*(?:\/((?:[^\\/[]|\\.|\[(?:[^\\\]]|\\.)*\])*)\/[a-z]*|'([^']*)'|([^\s&|()]+)))?/y;

/** Reads a `when` clause of package.json. @throws Error for what no clause here should hold */
export function readWhenClause(clause: string): WhenTerms {
  const keys: string[] = [];
  const comparisons: Comparison[] = [];
  let position = 0;
  while (position < clause.length) {
    const glue = /(?:\s|&&|\|\||[!()])+/y;
    glue.lastIndex = position;
    if (glue.exec(clause)) position = glue.lastIndex;
    if (position >= clause.length) break;
    term.lastIndex = position;
    const match = term.exec(clause);
    if (!match?.[1]) throw new Error(`"${clause}" is not understood from "${clause.slice(position)}"`);
    position = term.lastIndex;
    const [, key, operator, pattern, quoted, word] = match;
    if (operator !== undefined) {
      comparisons.push({ key, operator, value: pattern ?? quoted ?? word ?? '' });
    } else {
      keys.push(key);
    }
  }
  return { keys, comparisons };
}
