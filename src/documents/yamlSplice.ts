import { type CST, isMap, isScalar, isSeq, type Pair, type ParsedNode, visit, type YAMLMap } from 'yaml';
import { type ItemKey, itemKeys } from './names.ts';
import { offsetAt, parseYaml, repeatedPairs, YamlError, type YamlText } from './yamlText.ts';
import {
  type FrontMatterValue,
  formatAny,
  formatEntry,
  formatInline,
  formatText,
  isList,
  sameYaml,
} from './yamlValue.ts';

const ourKeys: ReadonlySet<string> = new Set(itemKeys);
const comingAndGoing: ReadonlySet<string> = new Set([
  'owner',
  'sprint',
  'github',
  'duplicate-of',
  'incident',
] satisfies ItemKey[]);

/** Bytes to exchange. `start === end` inserts. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Item = CST.BlockMap['items'][number] | CST.FlowCollection['items'][number] | CST.BlockSequence['items'][number];
type MapToken = CST.BlockMap | CST.FlowCollection;

/**
 * Sets or removes one key of a YAML text and leaves everything outside its value as it is.
 * What stands there twice is written once.
 * @param source ends with a line end, unless it is empty
 * @param value undefined takes the key away
 * @param eol for lines that are added
 * @throws YamlError when the text can't be read, or no splice gives the value and keeps all others
 */
export function spliceKey(source: string, key: string, value: FrontMatterValue | undefined, eol: string): string {
  const found = parseYaml(source);
  const text = withoutRepeated(found);
  const yaml = text === source ? found : parseYaml(text);
  const has = Object.hasOwn(yaml.data, key);
  if (value === undefined ? !has : has && sameYaml(yaml.data[key], value)) return text;

  const wanted: Record<string, unknown> = { ...yaml.data };
  if (value === undefined) delete wanted[key];
  else Object.defineProperty(wanted, key, { value, enumerable: true });

  // The finest splice first. Each is read again before it counts, so that an unforeseen style costs comments inside the
  // value at worst, and never another value.
  for (const edits of candidates(text, yaml, key, value, eol)) {
    const changed = applyEdits(text, edits);
    if (sameYaml(readBack(changed), wanted)) return changed;
  }
  throw new YamlError(
    `"${key}" is written so that no change of it is safe, so change it by hand`,
    offsetAt(yaml, [key]),
  );
}

function withoutRepeated({ text, document, map, mistakes }: YamlText): string {
  const holder = map?.srcToken;
  if (mistakes.length === 0 || (holder?.type !== 'block-map' && holder?.type !== 'flow-collection')) return text;
  const edits = repeatedPairs(document).flatMap(({ srcToken }) => (srcToken ? [removal(text, holder, srcToken)] : []));
  return applyEdits(text, edits);
}

function readBack(text: string): unknown {
  try {
    return parseYaml(text).data;
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of [...edits].sort((left, right) => left.start - right.start || left.end - right.end)) {
    result += text.slice(at, edit.start) + edit.text;
    at = Math.max(at, edit.end);
  }
  return result + text.slice(at);
}

function* candidates(
  text: string,
  yaml: YamlText,
  key: string,
  value: FrontMatterValue | undefined,
  eol: string,
): Generator<Edit[]> {
  const { map } = yaml;
  const token = map?.srcToken;
  if (!map || (token?.type !== 'block-map' && token?.type !== 'flow-collection')) {
    if (value !== undefined)
      yield [{ start: text.length, end: text.length, text: formatEntry(key, value, '', eol) + eol }];
    return;
  }
  const pair = map.items.find((candidate) => keyOf(candidate) === key);
  const item = pair?.srcToken;
  if (!pair || !item) {
    if (value === undefined) return;
    const at = belowOurKeys(text, token, map, key);
    if (at !== undefined) yield [insertion(token, key, value, eol, at)];
    yield [insertion(token, key, value, eol, text.length)];
    return;
  }
  const colon = colonOf(item);
  const own: Edit[][] = [];
  if (value === undefined) {
    const gone = removal(text, token, item);
    // After `|+` the blank lines that follow would become part of that value: then they go too.
    const blank = /^(?:[ \t]*\r?\n)*/.exec(text.slice(gone.end))?.[0].length ?? 0;
    own.push([gone], [{ ...gone, end: gone.end + blank }]);
  } else {
    own.push(replacement(text, pair, item, value, token, eol));
    if (colon) own.push([{ start: endOf(colon), end: itemEnd(item), text: ` ${formatInline(value)}` }]);
  }
  yield* own;
  const others = expandedAliases(yaml, pair);
  if (others.length > 0) for (const edits of own) yield [...edits, ...others];
}

/** How the value of one pair is exchanged, keeping as much of its inside as can be. */
function replacement(
  text: string,
  pair: Pair<ParsedNode, ParsedNode | null>,
  item: Item,
  value: FrontMatterValue,
  holder: MapToken,
  eol: string,
): Edit[] {
  const inline = formatInline(value);
  const colon = colonOf(item);
  if (!colon) {
    // `? key` in a block, or a lone `key` in a flow map.
    const at = itemEnd(item);
    const lead = holder.type === 'block-map' ? `${eol}${' '.repeat(holder.indent)}` : '';
    return [{ start: at, end: at, text: `${lead}: ${inline}` }];
  }
  const properties = (item.sep ?? []).filter((token) => token.type === 'anchor' || token.type === 'tag');
  const token = item.value;
  const first = properties[0];
  if (!token) {
    const last = properties.at(-1);
    return first && last
      ? [{ start: first.offset, end: endOf(last), text: inline }]
      : [{ start: endOf(colon), end: endOf(colon), text: ` ${inline}` }];
  }

  // The old value's anchor and tag go with it: they may not fit the new one.
  const onOneLine = first && !text.slice(first.offset, token.offset).includes('\n');
  const start = onOneLine ? first.offset : token.offset;
  const dropped = onOneLine ? [] : properties.map((one) => ({ start: one.offset, end: endOf(one), text: '' }));
  switch (token.type) {
    case 'block-scalar':
      return [...dropped, ...blockScalarReplacement(token, start, inline)];
    case 'block-seq': {
      const kept =
        isSeq(pair.value) && isList(value) ? listEdits(text, token, pair.value.toJSON(), value, eol) : undefined;
      return kept ?? blockReplacement(text, item, colon, token, dropped, holder, inline);
    }
    case 'block-map': {
      const kept =
        isMap(pair.value) && typeof value === 'object' && !isList(value)
          ? mapEdits(text, pair.value as YAMLMap.Parsed, token, value, eol)
          : undefined;
      return kept ?? blockReplacement(text, item, colon, token, dropped, holder, inline);
    }
    default:
      return [...dropped, { start, end: tokenEnd(token), text: inline }];
  }
}

/** A comment beside `|` stays beside the new value. */
function blockScalarReplacement(token: CST.BlockScalar, start: number, inline: string): Edit[] {
  const header = token.props.find((one) => one.type === 'block-scalar-header');
  const comment = token.props.find((one) => one.type === 'comment');
  const headerEnd = header ? tokenEnd(header) : token.offset;
  const beside = comment ? tokenEnd(comment) : headerEnd;
  return [
    { start, end: headerEnd, text: inline },
    { start: beside, end: tokenEnd(token), text: '' },
  ];
}

/** Puts a value in place of a block collection: beside the key, or below it when a comment stands there. */
function blockReplacement(
  text: string,
  item: Item,
  colon: CST.SourceToken,
  token: CST.BlockSequence | CST.BlockMap,
  dropped: readonly Edit[],
  holder: MapToken,
  inline: string,
): Edit[] {
  const end = tokenEnd(token);
  if (!item.sep?.some((one) => one.type === 'comment')) {
    return [{ start: endOf(colon), end, text: ` ${inline}` }];
  }
  const column = token.offset - lineStart(text, token.offset);
  const indent = column > holder.indent ? '' : '  ';
  return [...dropped, { start: token.offset, end, text: indent + inline }];
}

/** Changes a block list by its items: those that stay keep their quotes and comments. */
function listEdits(
  text: string,
  token: CST.BlockSequence,
  before: unknown,
  after: readonly string[],
  eol: string,
): Edit[] | undefined {
  const items = token.items.filter((item) => item.value);
  if (!Array.isArray(before) || items.length !== before.length || after.length === 0) return undefined;
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (
    tail < Math.min(before.length, after.length) - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail++;
  }
  const old = items.slice(head, items.length - tail);
  const added = after.slice(head, after.length - tail);
  const edits: Edit[] = [];
  for (const [index, item] of old.entries()) {
    const replaced = added[index];
    const start = dashOf(item)?.offset;
    if (!item.value || start === undefined) return undefined;
    if (replaced === undefined)
      edits.push({ start: lineStart(text, start), end: nextLine(text, itemEnd(item)), text: '' });
    else edits.push({ start: item.value.offset, end: tokenEnd(item.value), text: formatText(replaced) });
  }
  const more = added.slice(old.length);
  const anchor = items[head + old.length - 1] ?? items[0];
  const dash = anchor && dashOf(anchor);
  if (more.length === 0 || !anchor || !dash) return more.length === 0 ? edits : undefined;
  const indent = text.slice(lineStart(text, dash.offset), dash.offset);
  const at = head + old.length > 0 ? nextLine(text, itemEnd(anchor)) : lineStart(text, dash.offset);
  edits.push({ start: at, end: at, text: more.map((one) => `${indent}- ${formatText(one)}${eol}`).join('') });
  return edits;
}

/** Changes a block map by its keys: those that stay keep their quotes and comments. */
function mapEdits(
  text: string,
  map: YAMLMap.Parsed,
  token: CST.BlockMap,
  after: Readonly<Record<string, string>>,
  eol: string,
): Edit[] | undefined {
  if (Object.keys(after).length === 0) return undefined;
  const edits: Edit[] = [];
  const found = new Set<string>();
  let end = token.offset;
  for (const pair of map.items) {
    const key = keyOf(pair);
    const item = pair.srcToken;
    if (key === undefined || !item) return undefined;
    end = Math.max(end, itemEnd(item));
    found.add(key);
    const value = Object.hasOwn(after, key) ? after[key] : undefined;
    if (value === undefined) edits.push(removal(text, token, item));
    else if (!isScalar(pair.value) || pair.value.value !== value) {
      edits.push(...replacement(text, pair, item, value, token, eol));
    }
  }
  for (const [key, value] of Object.entries(after)) {
    if (!found.has(key)) edits.push(insertion(token, key, value, eol, nextLine(text, end)));
  }
  return edits;
}

/**
 * Where a line of ours goes in a block: below the last line of ours. Two clones that add the same line put it in the same
 * place then, whatever people wrote below, and git takes it once. A line that comes and goes has the place that it has in
 * a new file: where one clone took it away and another changed it, git must not keep both.
 */
function belowOurKeys(text: string, token: MapToken, map: YamlText['map'], key: string): number | undefined {
  if (token.type !== 'block-map' || !ourKeys.has(key)) return undefined;
  const above = comingAndGoing.has(key) ? [...ourKeys].slice(0, [...ourKeys].indexOf(key)) : [...ourKeys];
  const last = (
    map?.items.findLast((pair) => above.includes(keyOf(pair) ?? '')) ??
    map?.items.findLast((pair) => ourKeys.has(keyOf(pair) ?? ''))
  )?.srcToken;
  return last && nextLine(text, itemEnd(last));
}

/** @param at where a new line of a block map goes */
function insertion(token: MapToken, key: string, value: FrontMatterValue, eol: string, at: number): Edit {
  if (token.type === 'block-map') {
    return { start: at, end: at, text: formatEntry(key, value, ' '.repeat(token.indent), eol) + eol };
  }
  const entry = `${formatText(key)}: ${formatInline(value)}`;
  const last = token.items.findLast((item) => item.key);
  if (!last) return { start: endOf(token.start), end: endOf(token.start), text: entry };
  const comma = token.items.at(-1)?.key ? undefined : token.items.at(-1)?.start.find((one) => one.type === 'comma');
  return comma
    ? { start: endOf(comma), end: endOf(comma), text: ` ${entry}` }
    : { start: itemEnd(last), end: itemEnd(last), text: `, ${entry}` };
}

/** Takes an entry away: in a block with its lines, except for a comment that stands beside it. */
function removal(text: string, holder: MapToken, item: Item): Edit {
  const end = itemEnd(item);
  if (holder.type === 'flow-collection') {
    const comma = item.start.find((token) => token.type === 'comma');
    if (comma) return { start: comma.offset, end, text: '' };
    const next = holder.items[holder.items.indexOf(item as CST.FlowCollection['items'][number]) + 1];
    const between = next?.start.find((token) => token.type === 'comma');
    return { start: itemStart(item), end: between ? endOf(between) : end, text: '' };
  }
  const rest = /^[ \t]*/.exec(text.slice(end));
  const beside = end + (rest?.[0].length ?? 0);
  return {
    start: lineStart(text, itemStart(item)),
    end: text[beside] === '#' ? beside : nextLine(text, end),
    text: '',
  };
}

/** When a value with an anchor changes, what its aliases elsewhere stood for is written out. */
function expandedAliases({ document }: YamlText, pair: Pair<ParsedNode, ParsedNode | null>): Edit[] {
  if (!pair.value) return [];
  const inside = new Set<unknown>();
  visit(pair.value, (_key, node) => {
    inside.add(node);
  });
  const edits: Edit[] = [];
  visit(document, {
    Alias(_key, alias) {
      const target = alias.resolve(document);
      if (!target || inside.has(alias) || !inside.has(target) || !alias.range) return;
      const written = isScalar(target) && typeof target.value === 'number' ? target.source : undefined;
      edits.push({ start: alias.range[0], end: alias.range[1], text: written ?? formatAny(target.toJS(document)) });
    },
  });
  return edits;
}

function keyOf(pair: Pair<ParsedNode, ParsedNode | null>): string | undefined {
  return isScalar(pair.key) ? String(pair.key.value) : undefined;
}

function colonOf(item: Item): CST.SourceToken | undefined {
  return item.sep?.find((token) => token.type === 'map-value-ind');
}

function dashOf(item: Item): CST.SourceToken | undefined {
  return item.start.find((token) => token.type === 'seq-item-ind');
}

function endOf(token: CST.SourceToken): number {
  return token.offset + token.source.length;
}

/** Where an entry begins: at `?`, an anchor or tag of its key, or the key. */
function itemStart(item: Item): number {
  const first = item.start.find((token) => ['explicit-key-ind', 'anchor', 'tag'].includes(token.type));
  return first?.offset ?? item.key?.offset ?? 0;
}

/** Where the last sign of an entry ends; comments, blanks and line ends after it do not count. */
function itemEnd(item: Item): number {
  if (item.value) return tokenEnd(item.value);
  const significant = (token: CST.SourceToken) => !['space', 'newline', 'comment'].includes(token.type);
  const separator = item.sep?.findLast(significant);
  if (separator) return endOf(separator);
  if (item.key) return tokenEnd(item.key);
  const start = item.start.findLast(significant);
  return start ? endOf(start) : 0;
}

function tokenEnd(token: CST.Token): number {
  switch (token.type) {
    case 'block-scalar': {
      const propsLength = token.props.reduce((length, one) => length + ('source' in one ? one.source.length : 0), 0);
      const text = token.source.trimEnd();
      const beside = token.props.findLast((one) => one.type === 'comment' || one.type === 'block-scalar-header');
      return text === '' && beside ? tokenEnd(beside) : token.offset + propsLength + text.length;
    }
    case 'block-map':
    case 'block-seq': {
      const last = token.items.findLast((item: Item) => item.key || item.sep || item.value || dashOf(item));
      return last ? itemEnd(last) : token.offset;
    }
    case 'flow-collection': {
      const close = token.end.find((one) => one.type === 'flow-map-end' || one.type === 'flow-seq-end');
      return close ? endOf(close) : token.offset;
    }
    default:
      return 'source' in token ? token.offset + token.source.length : token.offset;
  }
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** The start of the line after the one that holds an offset. */
function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}
