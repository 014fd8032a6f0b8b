/** VS Code's snippet syntax, read strictly: what VS Code would silently take for plain text is an error here. */
export type SnippetNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'stop'; readonly number: number; readonly content: readonly SnippetNode[] | undefined }
  | { readonly kind: 'choice'; readonly number: number; readonly options: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string; readonly transform: Transform | undefined };

interface Transform {
  readonly pattern: RegExp;
  readonly replacement: string;
}

/** The variables that VS Code resolves (documentation, "Snippets in Visual Studio Code", "Variables"). */
const knownVariables = new Set(
  [
    'TM_SELECTED_TEXT TM_CURRENT_LINE TM_CURRENT_WORD TM_LINE_INDEX TM_LINE_NUMBER TM_FILENAME TM_FILENAME_BASE',
    'TM_DIRECTORY TM_FILEPATH RELATIVE_FILEPATH CLIPBOARD WORKSPACE_NAME WORKSPACE_FOLDER CURSOR_INDEX CURSOR_NUMBER',
    'CURRENT_YEAR CURRENT_YEAR_SHORT CURRENT_MONTH CURRENT_MONTH_NAME CURRENT_MONTH_NAME_SHORT CURRENT_DATE',
    'CURRENT_DAY_NAME CURRENT_DAY_NAME_SHORT CURRENT_HOUR CURRENT_MINUTE CURRENT_SECOND CURRENT_SECONDS_UNIX',
    'CURRENT_TIMEZONE_OFFSET RANDOM RANDOM_HEX UUID BLOCK_COMMENT_START BLOCK_COMMENT_END LINE_COMMENT',
  ].flatMap((line) => line.split(' ')),
);

/** @throws Error saying what is wrong and where */
export function parseSnippet(source: string): SnippetNode[] {
  const reader = new Reader(source);
  const nodes = reader.nodes(false);
  checkNumbers(nodes);
  return nodes;
}

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  nodes(inBraces: boolean): SnippetNode[] {
    const nodes: SnippetNode[] = [];
    let text = '';
    const flush = () => {
      if (text !== '') nodes.push({ kind: 'text', text });
      text = '';
    };
    for (;;) {
      const char = this.#source[this.#at];
      if (char === undefined) {
        if (inBraces) this.#fail('a brace is never closed');
        flush();
        return nodes;
      }
      if (inBraces && char === '}') {
        this.#at++;
        flush();
        return nodes;
      }
      if (char === '\\' && /[$}\\]/.test(this.#source[this.#at + 1] ?? '')) {
        text += this.#source[this.#at + 1];
        this.#at += 2;
      } else if (char === '$') {
        flush();
        this.#at++;
        nodes.push(this.#construct());
      } else {
        text += char;
        this.#at++;
      }
    }
  }

  #construct(): SnippetNode {
    const bare = this.#take(/\d+|[A-Za-z_]\w*/y);
    if (bare !== undefined)
      return /^\d/.test(bare) ? { kind: 'stop', number: Number(bare), content: undefined } : this.#variable(bare);
    if (this.#take(/\{/y) === undefined) this.#fail('a dollar sign that begins nothing must be escaped');
    const name = this.#take(/\d+|[A-Za-z_]\w*/y);
    if (name === undefined) this.#fail('a brace must begin with a number or a name');
    const isStop = /^\d/.test(name);
    if (this.#take(/\}/y) !== undefined) {
      return isStop ? { kind: 'stop', number: Number(name), content: undefined } : this.#variable(name);
    }
    if (isStop && this.#take(/:/y) !== undefined)
      return { kind: 'stop', number: Number(name), content: this.nodes(true) };
    if (isStop && this.#take(/\|/y) !== undefined)
      return { kind: 'choice', number: Number(name), options: this.#options() };
    if (!isStop && this.#take(/\//y) !== undefined) return this.#variable(name, this.#transform());
    return this.#fail(`"${name}" is followed by something odd`);
  }

  #variable(name: string, transform?: Transform): SnippetNode {
    if (!knownVariables.has(name)) this.#fail(`VS Code knows no variable ${name}`);
    return { kind: 'variable', name, transform };
  }

  #options(): string[] {
    const body = this.#take(/(?:\\[,|\\]|[^|\\])*(?=\|\})/y);
    if (body === undefined || body === '') this.#fail('a choice has no options, or no end');
    this.#at += 2;
    const options = body.split(/(?<!\\),/).map((option) => option.replace(/\\([,|\\])/g, '$1'));
    if (options.some((option) => option.trim() === '')) this.#fail('a choice has an empty option');
    if (new Set(options).size < options.length) this.#fail('a choice has the same option twice');
    if (options.length < 2) this.#fail('a choice of one is none');
    return options;
  }

  #transform(): Transform {
    const pattern = this.#take(/(?:\\.|[^\\/])+(?=\/)/y);
    if (pattern === undefined) this.#fail('a transform has no pattern');
    this.#at++;
    const replacement = this.#take(/[^/\\${}]*(?=\/)/y);
    if (replacement === undefined) this.#fail('a replacement is not plain text');
    this.#at++;
    const flags = this.#take(/[gimsuy]*(?=\})/y);
    if (flags === undefined) this.#fail('a transform is never closed');
    this.#at++;
    return { pattern: new RegExp(pattern.replace(/\\\//g, '/'), flags), replacement };
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (!match) return undefined;
    this.#at += match[0].length;
    return match[0];
  }

  #fail(message: string): never {
    throw new Error(`${message}: …${this.#source.slice(Math.max(0, this.#at - 20), this.#at + 20)}…`);
  }
}

/** All tab stops, also those within others. */
export function stops(nodes: readonly SnippetNode[]): Extract<SnippetNode, { number: number }>[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'choice') return [node];
    return node.kind === 'stop' ? [node, ...stops(node.content ?? [])] : [];
  });
}

function checkNumbers(nodes: readonly SnippetNode[]): void {
  const all = stops(nodes);
  const numbers = [...new Set(all.map((stop) => stop.number))].sort((left, right) => left - right);
  if (!numbers.includes(0)) throw new Error('there is no $0 for the cursor to end at');
  for (const [index, number] of numbers.entries()) {
    if (number !== index) throw new Error(`tab stop ${index} is left out`);
  }
  for (const number of numbers) {
    const filled = all.filter(
      (stop) => stop.number === number && (stop.kind === 'choice' || stop.content !== undefined),
    );
    if (filled.length > 1) throw new Error(`tab stop ${number} has two defaults`);
  }
}

/** The text that the snippet gives to somebody who only presses Tab: defaults, and the first of each choice. */
export function expandSnippet(nodes: readonly SnippetNode[], variables: Readonly<Record<string, string>>): string {
  const defaults = new Map<number, string>();
  for (const stop of stops(nodes)) {
    if (stop.kind === 'choice') defaults.set(stop.number, stop.options[0] ?? '');
    else if (stop.content) defaults.set(stop.number, expandSnippet(stop.content, variables));
  }
  return nodes
    .map((node) => {
      if (node.kind === 'text') return node.text;
      if (node.kind !== 'variable') return defaults.get(node.number) ?? '';
      const value = variables[node.name];
      if (value === undefined) throw new Error(`the test gives no value for ${node.name}`);
      return node.transform ? value.replace(node.transform.pattern, node.transform.replacement) : value;
    })
    .join('');
}
