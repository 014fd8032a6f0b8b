import assert from 'node:assert/strict';
import {
  isOutsideAddress,
  messageLimits,
  parseFromWebview,
  parseToWebview,
} from '../../../src/protocol/timelineMessages.ts';
import { parseTimelinePanelState } from '../../../src/protocol/timelinePanelState.ts';
import { parseTimelineView, viewLimits } from '../../../src/protocol/timelineView.ts';
import { eventView, timelineView } from './builders.ts';

/** What a message is after it crossed the border. */
const crossed = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Every path to a leaf or list of a value, so that each can be spoilt in turn. */
function paths(value: unknown, at: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[...at]];
  const inner = Object.entries(value).flatMap(([key, entry]) =>
    paths(entry, [...at, Array.isArray(value) ? Number(key) : key]),
  );
  return at.length === 0 ? inner : [[...at], ...inner];
}

function spoilt(value: unknown, path: readonly (string | number)[], by: unknown): unknown {
  const copy = crossed(value) as Record<string | number, unknown>;
  const last = path.at(-1);
  let holder = copy;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>;
  if (last !== undefined) holder[last] = by;
  return copy;
}

describe('messages to the timeline panel', () => {
  const full = timelineView({
    events: [
      eventView({ id: 'E1' }),
      eventView({
        id: 'E2',
        kind: 'role',
        change: { field: 'role', role: 'commander', from: '@bob', to: '@alice' },
      }),
      eventView({ id: 'E3', kind: 'unknown', writtenKind: 'weather', missing: true, fromIncident: 'Other' }),
      eventView({ id: 'E4', kind: 'correction', replaces: 'E1' }),
      eventView({ id: 'E5', kind: 'command', exit: 1, duration: 2.5 }),
    ],
  });

  it('come through JSON unchanged', () => {
    assert.deepEqual(parseToWebview(crossed({ type: 'incident', revision: 7, incident: full, earlier: 9 })), {
      type: 'incident',
      revision: 7,
      incident: full,
      earlier: 9,
    });
    for (const message of [
      { type: 'gone', revision: 8 },
      { type: 'current', revision: 8 },
      { type: 'written', request: 3 },
      { type: 'dropped', request: 3 },
      { type: 'attached', markdown: '![x](../attachments/x.png)', request: 3 },
    ]) {
      assert.deepEqual(parseToWebview(message), message);
    }
    assert.deepEqual(parseToWebview({ type: 'failed', message: 'No.', request: null }), {
      type: 'failed',
      message: 'No.',
      request: null,
    });
  });

  it('are refused when any part of the view is of another type', () => {
    const all = paths(full);
    assert.ok(all.length > 100, `only ${all.length} parts were found`);
    for (const path of all) {
      for (const wrong of [{ odd: 1 }, ['odd']]) {
        const isList = Array.isArray(path.reduce<unknown>((value, key) => (value as never)[key], full));
        if (isList && Array.isArray(wrong) && /criteria$/.test(path.join('.'))) continue;
        assert.equal(
          parseTimelineView(spoilt(full, path, wrong)),
          undefined,
          `${path.join('.')} = ${JSON.stringify(wrong)}`,
        );
      }
      assert.equal(parseTimelineView(spoilt(full, path, undefined)), undefined, `${path.join('.')} left out`);
    }
  });

  it('are refused with words that are not in the domain, and numbers that are no times', () => {
    for (const [path, wrong] of [
      [['severity'], 'P9'],
      [['phase'], 'lunch'],
      [['status'], 'open'],
      [['events', 0, 'kind'], 'weather'],
      [['events', 0, 'at'], Number.NaN],
      [['events', 0, 'at'], 9e15],
      [['clocks', 0, 'kind'], 'toString'],
      [['problems'], -1],
      [['problems'], 0.5],
      [['uid'], ''],
    ] as const) {
      assert.equal(parseTimelineView(spoilt(full, path, wrong)), undefined, `${path.join('.')} = ${wrong}`);
    }
  });

  it('lose what the protocol does not name', () => {
    const parsed = parseTimelineView({ ...full, html: '<b>', __proto__: { polluted: true } });
    assert.ok(parsed);
    assert.ok(!('html' in parsed) && !('polluted' in parsed));
  });

  it('have over-long texts cut, and say so for a body', () => {
    const view = timelineView({
      title: 'x'.repeat(viewLimits.title + 1),
      events: [
        eventView({ body: `${'y'.repeat(viewLimits.body - 1)}😀` }),
        eventView({ body: 'y'.repeat(viewLimits.body) }),
      ],
    });
    const parsed = parseTimelineView(view);
    assert.equal(parsed?.title.length, viewLimits.title);
    // The pair would straddle the limit, so it goes as a whole.
    assert.equal(parsed.events[0]?.body, 'y'.repeat(viewLimits.body - 1));
    assert.equal(parsed.events[0]?.truncated, true);
    assert.equal(parsed.events[1]?.truncated, false);
  });

  it('are refused when they are no messages', () => {
    for (const value of [undefined, null, 1, 'gone', [], ['gone'], {}, { type: 'toString' }, { type: 'incident' }]) {
      assert.equal(parseToWebview(value), undefined);
      assert.equal(parseFromWebview(value), undefined);
    }
    assert.equal(parseToWebview({ type: 'failed', message: 'No.' }), undefined);
    assert.equal(parseToWebview({ type: 'written', request: '3' }), undefined);
    assert.equal(parseToWebview({ type: 'gone' }), undefined);
    assert.equal(parseToWebview({ type: 'current', revision: -1 }), undefined);
    assert.equal(parseFromWebview({ type: 'shown', revision: 0.5 }), undefined);
    assert.equal(parseFromWebview({ type: 'ready' }), undefined);
    assert.equal(parseFromWebview({ type: 'ready', needs: [''] }), undefined);
    assert.equal(parseToWebview({ type: 'incident', revision: 7, incident: full }), undefined);
  });
});

describe('messages from the timeline panel', () => {
  it('come through unchanged', () => {
    for (const message of [
      { type: 'ready', needs: [] },
      { type: 'ready', needs: ['E1', 'E2'] },
      { type: 'missed' },
      { type: 'shown', revision: 8 },
      { type: 'addNote', text: 'Pool is at 100%', about: null, request: 1 },
      { type: 'addNote', text: '![x](../attachments/x.png)', about: 'E1', request: 2 },
      { type: 'correct', id: 'E1', text: '', at: 1_758_637_800_000, request: 3 },
      { type: 'correct', id: 'E1', text: 'It was DNS', at: null, request: 4 },
      { type: 'retract', id: 'E1', reason: '', request: 5 },
      { type: 'pin', ids: ['E1', 'E2'], pinned: true },
      { type: 'pasteImage', media: 'image/png', data: 'iVBORw0KGgo=', request: 6 },
      { type: 'chooseImage', request: 7 },
      { type: 'export', format: 'csv', ids: null },
      { type: 'export', format: 'markdown', ids: ['E1'] },
      { type: 'exportPicture', format: 'svg', data: '<svg/>' },
      { type: 'exportPicture', format: 'png', data: 'iVBORw0KGgo=' },
      { type: 'openEvent', id: '01K5V8A1B2C3D4E5F6G7H8J9KM' },
      { type: 'openIncident' },
      { type: 'run', command: 'postStatusUpdate' },
      { type: 'openLink', href: 'https://example.com/a?b#c' },
    ]) {
      assert.deepEqual(parseFromWebview({ ...message, extra: 1 }), message);
    }
  });

  it('are refused when they ask for what is not on offer', () => {
    for (const message of [
      { type: 'run', command: 'workbench.action.terminal.new' },
      { type: 'run', command: 'constructor' },
      { type: 'addNote', text: '  \n ', request: 1 },
      { type: 'addNote', text: 'x'.repeat(messageLimits.note + 1), request: 1 },
      { type: 'addNote', text: 'x', about: null },
      { type: 'addNote', text: 'x', about: 7, request: 1 },
      { type: 'correct', id: 'E1', text: 'x', at: '2025-09-23', request: 1 },
      { type: 'correct', id: '', text: 'x', at: null, request: 1 },
      { type: 'retract', id: 'E1', reason: 'x'.repeat(messageLimits.note + 1), request: 1 },
      { type: 'pin', ids: ['E1', ''], pinned: true },
      { type: 'pin', ids: 'E1', pinned: true },
      { type: 'pasteImage', media: 'image/svg+xml', data: 'PHN2Zz4=', request: 1 },
      { type: 'pasteImage', media: 'toString', data: 'PHN2Zz4=', request: 1 },
      { type: 'pasteImage', media: 'image/png', data: '../../etc/passwd', request: 1 },
      { type: 'export', format: 'html', ids: null },
      { type: 'export', format: 'csv' },
      { type: 'exportPicture', format: 'png', data: '<svg/>' },
      { type: 'exportPicture', format: 'pdf', data: 'x' },
      { type: 'openEvent', id: '' },
      { type: 'openEvent', id: 'x'.repeat(viewLimits.id + 1) },
    ]) {
      assert.equal(parseFromWebview(message), undefined, JSON.stringify(message).slice(0, 80));
    }
  });

  it('open only web and mail addresses', () => {
    for (const href of ['https://a.example', 'HTTP://a.example/x', 'mailto:a@example.com']) {
      assert.ok(isOutsideAddress(href), href);
    }
    for (const href of [
      'javascript:alert(1)',
      ' javascript:alert(1)',
      'java\nscript:alert(1)',
      'https://a.example\n',
      'https://a.example/a b',
      'https://\u0000a',
      'https:///etc/passwd',
      'https:a',
      'file:///etc/passwd',
      'command:workbench.action.quit',
      'vscode://x/y',
      'data:text/html,x',
      '//a.example',
      '/a',
      '#a',
      'mailto:',
      '',
      `https://a.example/${'x'.repeat(messageLimits.href)}`,
      7,
    ]) {
      assert.ok(!isOutsideAddress(href), String(href).slice(0, 60));
      assert.equal(parseFromWebview({ type: 'openLink', href }), undefined);
    }
  });
});

describe('the state that the timeline panel keeps', () => {
  const kept = {
    uid: 'U1',
    filterText: 'pool',
    filterKinds: ['status', 'unknown'],
    anchor: { event: 'E1', offset: -3.5 },
    draft: 'half',
    filterPeople: ['@bob'],
    filterPinned: true,
    form: { kind: 'correct', event: 'E1', text: 'It was', field: '2025-09-23T16:32:10' },
    picture: false,
  };

  it('comes back as it was', () => {
    assert.deepEqual(parseTimelinePanelState(crossed(kept)), kept);
  });

  it('needs nothing but the uid', () => {
    const fresh = {
      uid: 'U1',
      filterText: '',
      filterKinds: [],
      filterPeople: [],
      filterPinned: false,
      anchor: null,
      draft: '',
      form: null,
      picture: null,
    };
    assert.deepEqual(parseTimelinePanelState({ uid: 'U1' }), fresh);
    assert.deepEqual(
      parseTimelinePanelState({ uid: 'U1', filterText: 7, filterKinds: ['odd'], anchor: { event: 'E1' }, draft: null }),
      fresh,
    );
    for (const odd of [undefined, null, 'U1', {}, { uid: '' }, { uid: 1 }])
      assert.equal(parseTimelinePanelState(odd), undefined);
  });
});
