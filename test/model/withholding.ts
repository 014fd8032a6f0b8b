import type { Item } from '../../src/core/item.ts';
import { parseIssueBody } from '../../src/services/sync/markers.ts';
import type { RequestRecord } from '../github/apiPipeline.ts';
import type { ModelClone } from './modelClone.ts';
import type { ModelWorld } from './modelWorld.ts';
import type { Step } from './steps.ts';
import { Violation } from './violation.ts';

/**
 * Somebody keeps an incident inside, or lets it out again. The first incident stays out, so that there is always one to look at.
 */
export async function withhold(clone: ModelClone, step: Extract<Step, { readonly do: 'withhold' }>): Promise<void> {
  const others = clone.incidents.slice(1);
  const incident = others[step.incident % Math.max(1, others.length)];
  if (!incident) return;
  const { uid, path, incident: details } = incident;
  if (step.how === 'exclude' || step.how === 'include') {
    clone.exclude(details.folder, step.how === 'exclude');
    return;
  }
  const source = clone.tree.text(path);
  if (source === undefined || clone.repository.conflicts || clone.repository.branch !== 'main') return;
  const isPrivate = /^private: true$/m.test(source);
  if (uid === '' || isPrivate === (step.how === 'private')) return;
  const edited = isPrivate
    ? source.replace(/^private: true\n/m, '')
    : source.replace(/\n---\n/, () => '\nprivate: true\n---\n');
  await clone.show(new Map([...clone.snapshot, [path, edited]]));
}

/** The uids of items that some clone keeps inside. */
export function withheldAnywhere(world: ModelWorld): ReadonlySet<string> {
  return new Set(world.clones.flatMap((clone) => clone.withheld.map(({ uid }) => uid)));
}

/** Nothing of what a clone keeps inside left it, nor was it asked for. @throws Violation */
export function nothingLeft(world: ModelWorld, withheld: readonly Item[], requests: readonly RequestRecord[]): void {
  for (const { id, uid } of withheld) {
    const numbers = world.issues.filter(({ body }) => parseIssueBody(body ?? '').marker?.uid === uid);
    const places = numbers.map(({ number }) => new RegExp(`/issues/${number}(?!\\d)`));
    const names = [uid, id].map((name) => new RegExp(`${name}(?![-\\w])`));
    for (const { method, path, body } of requests) {
      const isAsked = places.some((place) => place.test(path));
      if (isAsked || names.some((name) => name.test(JSON.stringify([path, body])))) {
        throw new Violation(13, `${id} is kept inside, and there was ${method} ${path} ${JSON.stringify(body)}`);
      }
    }
  }
}
