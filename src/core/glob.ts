import { FirebreakError } from './errors.ts';

/** One step through a path. `folders` is any number of whole folders, `rest` anything at all. */
type Token = 'folders' | 'rest' | 'star' | ((character: string) => boolean);

/** More than anybody writes by hand. */
const mostAlternatives = 256;

/**
 * Makes a check of paths with forward slashes, relative to one folder. `*` and `?` stay within a name, `**` is any number
 * of folders, `[a-z]`, `[!a-z]` and `{one,other}` are as usual. A pattern without a slash may match at any depth, one that
 * names a folder holds for all that is in it, and case does not matter. Takes time in proportion to pattern and path.
 * @throws FirebreakError `invalidInput` for a pattern that can't mean what somebody wanted
 */
export function compileGlob(pattern: string): (path: string) => boolean {
  const refuse = (why: string): never => {
    throw new FirebreakError('invalidInput', `"${pattern}" is no pattern for paths: ${why}.`);
  };
  const text = pattern.trim();
  if (text === '') return refuse('it is empty');
  if (text.includes('\\')) return refuse('write forward slashes');
  if (text.startsWith('!')) return refuse('one can name only what is meant, not what is not');
  const alternatives = expanded(text, refuse).map((alternative) => tokensOf(alternative, refuse));
  return (path) => alternatives.some((tokens) => matches(tokens, path.toLowerCase()));
}

type Refuse = (why: string) => never;

/** `a{b,c}d` is `abd` or `acd`. */
function expanded(text: string, refuse: Refuse): string[] {
  const begin = text.indexOf('{');
  if (begin < 0) return text.includes('}') ? refuse('a } has no {') : [text];
  const choices: string[] = [];
  let depth = 0;
  let from = begin + 1;
  for (let at = begin; at < text.length; at++) {
    const character = text[at];
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if ((character === ',' && depth === 1) || depth === 0) {
      choices.push(text.slice(from, at));
      from = at + 1;
    }
    if (depth > 0) continue;
    const whole = choices.flatMap((choice) => expanded(text.slice(0, begin) + choice + text.slice(at + 1), refuse));
    return whole.length > mostAlternatives ? refuse('it has too many alternatives') : whole;
  }
  return refuse('a { has no }');
}

function tokensOf(text: string, refuse: Refuse): Token[] {
  const anchored = text.replace(/^\.?\//, '').replace(/\/$/, '');
  const names = anchored.split('/');
  if (names.some((name) => name === '')) return refuse('a name between two slashes is missing');
  if (names.some((name) => name === '.' || name === '..')) return refuse('it leads out of the folder, or nowhere');
  const tokens: Token[] = text.includes('/') ? [] : ['folders'];
  for (const [index, name] of names.entries()) {
    const isLast = index === names.length - 1;
    if (name === '**') {
      tokens.push(isLast ? 'rest' : 'folders');
      continue;
    }
    if (name.includes('**')) return refuse('** stands alone between slashes');
    tokens.push(...tokensOfName(name, refuse));
    if (!isLast) tokens.push((character) => character === '/');
  }
  return tokens;
}

function tokensOfName(name: string, refuse: Refuse): Token[] {
  const tokens: Token[] = [];
  const characters = [...name.toLowerCase()];
  for (let at = 0; at < characters.length; at++) {
    const wanted = characters[at];
    if (wanted === '*') tokens.push('star');
    else if (wanted === '?') tokens.push((character) => character !== '/');
    else if (wanted === '[') {
      const end = characters.indexOf(']', at + 2);
      if (end < 0) return refuse('a [ has no ]');
      tokens.push(choiceOf(characters.slice(at + 1, end), refuse));
      at = end;
    } else tokens.push((character) => character === wanted);
  }
  return tokens;
}

/** `[a-z0-9]`, and with `!` or `^` first all but those. */
function choiceOf(inside: readonly string[], refuse: Refuse): Token {
  const isNot = inside[0] === '!' || inside[0] === '^';
  const members = isNot ? inside.slice(1) : inside;
  if (members.length === 0) return refuse('there is nothing between [ and ]');
  const ranges: [string, string][] = [];
  for (let at = 0; at < members.length; at++) {
    const [first = '', dash, last] = members.slice(at, at + 3);
    const isRange = dash === '-' && last !== undefined;
    if (isRange && last < first) return refuse(`${first}-${last} is the wrong way round`);
    ranges.push([first, isRange ? last : first]);
    if (isRange) at += 2;
  }
  return (character) =>
    character !== '/' && ranges.some(([first, last]) => first <= character && character <= last) !== isNot;
}

/** All places in the pattern that the path may have led to so far are followed at once: nothing is tried twice. */
function matches(tokens: readonly Token[], path: string): boolean {
  let places = new Set<number>();
  reach(tokens, 0, places);
  let atStart = true;
  for (const character of path) {
    // What was matched is a folder on the way.
    if (character === '/' && places.has(tokens.length)) return true;
    const next = new Set<number>();
    for (const place of places) {
      const token = tokens[place];
      if (token === undefined) continue;
      if (typeof token === 'function') {
        if (token(character)) reach(tokens, place + 1, next);
      } else if (token === 'rest') reach(tokens, place, next);
      else if (token === 'star') {
        if (character !== '/') reach(tokens, place, next);
      } else {
        // Within `folders` it stays until a slash ends one of them.
        next.add(place);
        if (character === '/') reach(tokens, place + 1, next);
      }
    }
    places = next;
    atStart = false;
  }
  return !atStart && places.has(tokens.length);
}

/** Adds a place, and those behind it that need no character. */
function reach(tokens: readonly Token[], place: number, places: Set<number>): void {
  places.add(place);
  const token = tokens[place];
  if (token === 'star' || token === 'rest' || token === 'folders') reach(tokens, place + 1, places);
}
