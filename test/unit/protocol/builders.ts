import type { EventView, TimelineView } from '../../../src/protocol/timelineView.ts';

/** 2025-09-23T14:30:00Z */
export const declaredAt = Date.UTC(2025, 8, 23, 14, 30);

const minute = 60_000;

export function eventView(parts: Partial<EventView> = {}): EventView {
  return {
    id: '01K5V8A1B2C3D4E5F6G7H8J9KM',
    kind: 'note',
    writtenKind: null,
    at: declaredAt + 2 * minute,
    recorded: declaredAt + 3 * minute,
    by: '@alice',
    body: 'Connection pool is exhausted.',
    truncated: false,
    change: null,
    replaces: null,
    about: null,
    standing: null,
    pinned: false,
    writtenAt: null,
    exit: null,
    duration: null,
    missing: false,
    hasFile: true,
    fromGitHub: false,
    fromIncident: null,
    ...parts,
  };
}

/** A P0 in triage, declared at 14:30 UTC. */
export function timelineView(parts: Partial<TimelineView> = {}): TimelineView {
  return {
    uid: '01K5V7Z0000000000000000000',
    id: 'BUG-P0-20250923-1430',
    title: 'Production API Down',
    severity: 'P0',
    phase: 'triage',
    phaseTitle: 'Triage',
    status: 'doing',
    private: false,
    service: 'api',
    criteria: ['Production Down'],
    roles: [{ role: 'commander', who: '@alice' }],
    github: { text: 'acme/shop#41', url: 'https://github.com/acme/shop/issues/41' },
    declaredAt,
    clocks: [
      {
        kind: 'acknowledge',
        label: 'Acknowledge',
        startedAt: declaredAt,
        dueAt: declaredAt + 15 * minute,
        stoppedAt: declaredAt + 2 * minute,
      },
      { kind: 'resolve', label: 'Resolve', startedAt: declaredAt, dueAt: declaredAt + 240 * minute, stoppedAt: null },
    ],
    phases: [
      { phase: 'declared', title: 'Declared', from: declaredAt, to: declaredAt + 5 * minute },
      { phase: 'triage', title: 'Triage', from: declaredAt + 5 * minute, to: null },
    ],
    events: [eventView()],
    finished: false,
    readOnly: false,
    problems: 0,
    attachments: null,
    ...parts,
  };
}
