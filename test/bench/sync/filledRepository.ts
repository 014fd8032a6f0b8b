import { statusInPhase } from '../../../src/core/phase.ts';
import { formatInstant } from '../../../src/core/time.ts';
import { ulidFactory } from '../../../src/core/ulids.ts';
import { newIncident } from '../../../src/documents/itemDocument.ts';
import { commentBody } from '../../../src/services/sync/commentText.ts';
import type { SyncWorld } from '../../unit/services/sync/syncWorld.ts';

export const commentsEach = 5;
const minuteMs = 60_000;
/** 2025-01-01T00:00:00Z. */
const start = Date.UTC(2025, 0, 1);
const paragraph = 'What happens, what should happen, and how to see it. The log says nothing of it.';
/** About what people write: 2.5 KB. */
export const issueText = Array.from({ length: 30 }, (_, line) => `${line}. ${paragraph}`).join('\n');
const labels = [['bug', 'severity: P1'], ['enhancement'], ['type: task', 'severity: P3', 'status: doing'], []] as const;

/** Puts so many issues onto the world's GitHub, a minute apart, as people write them. */
export function openIssues(world: SyncWorld, issues: number): void {
  for (let number = 1; number <= issues; number++) {
    world.gitHub.state.at(new Date(start + number * minuteMs), () =>
      world.manager.openIssue({
        title: `The page stays empty for some users, case ${number}`,
        body: issueText,
        labels: [...(labels[number % labels.length] ?? [])],
      }),
    );
  }
}

/**
 * The same as incidents that a clone of alice's declared: issues of hers with five comments each, whose markers tell of
 * events that git carries.
 * @returns the documents, by path
 */
export function publishedIncidents(world: SyncWorld, issues: number): Record<string, string> {
  const newId = ulidFactory(() => 0.5);
  const alice = world.gitHub.web('alice', 'acme/shop');
  const documents: Record<string, string> = {};
  for (let number = 1; number <= issues; number++) {
    const at = start + number * minuteMs;
    const uid = newId(at);
    const title = `The page stays empty for some users, case ${number}`;
    const id = `BUG-P2-${formatInstant(at).slice(0, 16).replace(/[-:]/g, '').replace('T', '-')}`;
    world.gitHub.state.at(new Date(at), () => {
      alice.openIssue({
        title,
        body: `${issueText}\n\n<!-- firebreak:uid=${uid} -->`,
        labels: ['severity: P2', 'type: bug', 'phase: respond'],
      });
      for (let comment = 0; comment < commentsEach; comment++) {
        const text = `- **2025-01-01 00:00:0${comment} UTC** · alice · note: ${paragraph}`;
        alice.comment(number, commentBody([{ keys: [newId(at + comment)], text, alone: false }]));
      }
    });
    documents[`incidents/${id}/incident.md`] = newIncident({
      id,
      uid,
      title,
      type: 'bug',
      date: formatInstant(at).slice(0, 10),
      tags: [],
      severity: 'P2',
      status: statusInPhase('respond'),
      owner: undefined,
      sprint: undefined,
      github: `acme/shop#${number}`,
      body: issueText,
      phase: 'respond',
      service: 'web',
      criteria: [],
      roles: {},
      private: false,
    });
  }
  return documents;
}
