// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets are written in this syntax
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { isEventKind } from '../../src/core/eventKind.ts';
import { phases } from '../../src/core/phase.ts';
import { severities } from '../../src/core/severity.ts';
import { isStatus } from '../../src/core/status.ts';
import { readEvent } from '../../src/documents/eventDocument.ts';
import { readItem } from '../../src/documents/itemDocument.ts';
import { parseStatusUpdate } from '../../src/documents/statusUpdate.ts';
import { expandSnippet, parseSnippet, type SnippetNode, stops } from './snippetsParser.ts';

interface Snippet {
  readonly prefix: string;
  readonly description: string;
  readonly isFileTemplate?: boolean;
  readonly body: readonly string[];
}

const file = new URL('../../snippets/firebreak.json', import.meta.url);
const snippets = Object.values(JSON.parse(readFileSync(file, 'utf8')) as Record<string, Snippet>);

/** 2025-09-23 14:32:10 UTC, in Berlin. */
const variables = {
  CURRENT_YEAR: '2025',
  CURRENT_MONTH: '09',
  CURRENT_DATE: '23',
  CURRENT_HOUR: '16',
  CURRENT_MINUTE: '32',
  CURRENT_SECOND: '10',
  CURRENT_TIMEZONE_OFFSET: '+02:00',
  TM_DIRECTORY: '/home/alice/shop/incidents/BUG-P0-20250923-1430',
};

function nodesOf(prefix: string): SnippetNode[] {
  const snippet = snippets.find((candidate) => candidate.prefix === prefix);
  assert.ok(snippet, `there is a snippet ${prefix}`);
  return parseSnippet(snippet.body.join('\n'));
}

const expand = (prefix: string, changes: Partial<typeof variables> = {}) =>
  expandSnippet(nodesOf(prefix), { ...variables, ...changes });

/** The options of the choice after `label`. */
function choiceAfter(prefix: string, label: string): readonly string[] {
  const nodes = nodesOf(prefix);
  const at = nodes.findIndex((node) => node.kind === 'text' && node.text.endsWith(label));
  const choice = nodes[at + 1];
  assert.ok(choice?.kind === 'choice', `${label} is followed by a choice`);
  return choice.options;
}

function frontMatter(document: string): Record<string, unknown> {
  const match = /^---\n([\s\S]*?)\n---\n/.exec(document);
  assert.ok(match?.[1] !== undefined, 'the document begins with front matter');
  return parse(match[1]) as Record<string, unknown>;
}

const headings = (document: string, level: number) =>
  [...document.matchAll(new RegExp(`^#{${level}} (.+)$`, 'gm'))].map((match) => match[1]);

describe('snippets', () => {
  it('are the six that are promised, each with a prefix of its own', () => {
    assert.deepEqual(snippets.map((snippet) => snippet.prefix).sort(), [
      '5whys',
      'incident',
      'rca',
      'runbook',
      'status-update',
      'timeline-event',
    ]);
    for (const { description } of snippets) assert.match(description, /^Firebreak: /);
  });

  for (const { prefix, body } of snippets) {
    it(`${prefix} is valid, with tab stops in order and an end`, () => {
      const all = stops(parseSnippet(body.join('\n')));
      assert.ok(all.length >= 5, `${all.length} tab stops`);
    });
  }

  for (const prefix of ['status-update', 'incident', 'runbook', 'timeline-event']) {
    it(`${prefix} offers choices`, () => {
      assert.ok(stops(nodesOf(prefix)).some((stop) => stop.kind === 'choice'));
    });
  }

  it('are checked strictly', () => {
    for (const wrong of [
      'costs $',
      '${1:open',
      '${1|a,b',
      '${1|a|}$0',
      '${1||}$0',
      '${1|a,,b|}$0',
      '${1:a} ${3:b}$0',
      '${1:a} ${1:b}$0',
      '${1:a}',
      '${CURRENT_YEER}$0',
      '${}$0',
      '${TM_DIRECTORY/a/b}$0',
    ]) {
      assert.throws(() => parseSnippet(wrong), Error, wrong);
    }
    const nodes = parseSnippet('\\$5 ${2:b ${1|x,y\\,z|} ${CURRENT_YEAR}} $1$0');
    assert.equal(expandSnippet(nodes, variables), '$5 b x 2025 x');
  });
});

describe('the snippet incident', () => {
  it('gives a document with exactly the keys of an incident, in the order of the design', () => {
    assert.deepEqual(Object.keys(frontMatter(expand('incident'))), [
      ...['title', 'type', 'date', 'tags', 'links', 'id', 'uid', 'severity', 'status', 'owner', 'github'],
      ...['phase', 'started', 'detected', 'service', 'criteria', 'roles', 'private'],
    ]);
  });

  it('is read as the incident that its folder names', () => {
    const { fields, problems } = readItem('incidents/BUG-P0-20250923-1430/incident.md', expand('incident'));
    assert.deepEqual(problems, []);
    assert.equal(fields?.id, 'BUG-P0-20250923-1430');
    assert.equal(fields?.uid, undefined);
    assert.equal(fields?.severity, 'P0');
    assert.equal(fields?.phase, 'declared');
    assert.equal(fields?.started, '2025-09-23T14:32:10Z');
    assert.deepEqual(fields?.roles, { commander: '@login' });
    assert.equal(fields?.private, false);
    assert.equal(fields?.date, Date.UTC(2025, 8, 23));
  });

  it('names its folder on Windows too, and nothing where there is no file yet', () => {
    const windows = expand('incident', { TM_DIRECTORY: 'C:\\shop\\incidents\\BUG-P1-20250923-0900' });
    assert.equal(frontMatter(windows).id, 'BUG-P1-20250923-0900');
    assert.equal(frontMatter(expand('incident', { TM_DIRECTORY: '' })).id, null);
  });

  it('offers the words of the domain', () => {
    assert.deepEqual(choiceAfter('incident', 'severity: '), severities);
    assert.deepEqual([...choiceAfter('incident', 'phase: ')].sort(), [...phases].sort());
    assert.ok(choiceAfter('incident', 'status: ').every(isStatus));
    assert.deepEqual(choiceAfter('incident', 'criteria: ['), [
      'production-down',
      'data-loss',
      'security-breach',
      'revenue-impact',
      'user-impact',
    ]);
  });
});

describe('the snippet timeline-event', () => {
  it('gives a document with exactly the keys of an event, in the order of the design', () => {
    assert.deepEqual(Object.keys(frontMatter(expand('timeline-event'))), [
      ...['id', 'incident', 'kind', 'at', 'recorded', 'by', 'origin'],
    ]);
  });

  it('is read as a note of the incident whose folder it is in', () => {
    const path = 'incidents/BUG-P0-20250923-1430/timeline/disk-full.md';
    const { event, problems } = readEvent(path, expand('timeline-event'), 'U1');
    assert.deepEqual(problems, []);
    assert.equal(event?.incident, 'U1');
    assert.equal(event?.kind, 'note');
    assert.equal(event?.at, '2025-09-23T14:32:10Z');
    assert.equal(event?.recorded, '2025-09-23T14:32:10Z');
    assert.equal(event?.by, '@login');
    assert.equal(event?.body, 'What happened');
    assert.match(event?.id ?? '', /^[0-9A-Z]{26}$/);
  });

  it('offers the kinds that need no further keys', () => {
    const kinds = choiceAfter('timeline-event', 'kind: ');
    assert.deepEqual(
      kinds.filter((kind) => !isEventKind(kind)),
      [],
    );
    for (const kind of ['phase', 'severity', 'role', 'correction', 'retraction']) assert.ok(!kinds.includes(kind));
  });
});

describe('the snippet status-update', () => {
  it('has the six fields of the guide’s communication template under its heading', () => {
    const text = expand('status-update');
    assert.match(text, /^\*\*16:32 \(UTC\+02:00\) Status Update\*\*$/m);
    assert.deepEqual(
      [...text.matchAll(/^- \*\*(.+?)\*\*: /gm)].map((match) => match[1]),
      ['Current State', 'Impact', 'Root Cause', 'Actions Taken', 'Next Steps', 'ETA'],
    );
    assert.equal(parseStatusUpdate(text)?.eta, 'TBD');
  });
});

describe('the snippet rca', () => {
  it('has the guide’s eight sections, the 5 Whys and a table for each priority of action', () => {
    const text = expand('rca');
    assert.deepEqual(headings(text, 2), [
      'Executive Summary',
      'Impact Assessment',
      'Timeline of Events',
      'Root Cause Analysis',
      'Contributing Factors',
      'What Went Well',
      'What Went Poorly',
      'Action Items',
    ]);
    assert.deepEqual(headings(text, 3), ['5 Whys', 'P0 Actions', 'P1 Actions', 'P2 Actions']);
    assert.equal(text.match(/^\d\. \*\*Why\?\*\*/gm)?.length, 5);
    assert.equal(
      text.match(/^\| Action \| Owner \| Due \|\n\| --- \| --- \| --- \|\n\| .+ \| .+ \| .+ \|$/gm)?.length,
      3,
    );
    for (const words of ['Must fix before next release', 'Should fix within sprint', 'Backlog for consideration']) {
      assert.ok(text.includes(words), words);
    }
    assert.equal(frontMatter(text).title, 'RCA: What was broken');
    assert.deepEqual(headings(text, 1), ['RCA: What was broken']);
  });
});

describe('the snippets runbook and 5whys', () => {
  it('give a runbook of numbered steps', () => {
    const text = expand('runbook');
    assert.deepEqual(Object.keys(frontMatter(text)), ['title', 'type', 'date', 'tags']);
    assert.equal(text.match(/^\d\. \*\*.+\.\*\* .+$/gm)?.length, 3);
  });

  it('ask five times', () => {
    const text = expand('5whys');
    assert.deepEqual(headings(text, 2), ['5 Whys']);
    assert.equal(text.match(/^[1-5]\. \*\*Why\?\*\* /gm)?.length, 5);
  });
});
