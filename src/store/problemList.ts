import type { Problem } from '../core/problem.ts';
import { sameValue } from './sameValue.ts';

/** The problems of the workspace by what found them. */
export class ProblemList {
  readonly #bySource = new Map<string, readonly Problem[]>();
  #sorted: readonly Problem[] | undefined = [];

  /** @returns whether this changed anything */
  set(source: string, problems: readonly Problem[]): boolean {
    const before = this.#bySource.get(source) ?? [];
    if (sameValue(before, problems)) return false;
    if (problems.length === 0) this.#bySource.delete(source);
    else this.#bySource.set(source, problems);
    this.#sorted = undefined;
    return true;
  }

  /** In the order of paths and lines. */
  all(): readonly Problem[] {
    this.#sorted ??= [...this.#bySource.values()].flat().sort(compareProblems);
    return this.#sorted;
  }
}

function compareProblems(left: Problem, right: Problem): number {
  if (left.path !== right.path) return left.path < right.path ? -1 : 1;
  return (left.line ?? -1) - (right.line ?? -1);
}
