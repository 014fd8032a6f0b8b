import type { Git } from '../../core/ports/git.ts';
import { GitRepository } from './gitRepository.ts';

// What the bundle of its own, loaded when git is first needed, gives to the composition roots.
export { gitActivity } from './gitActivity.ts';

/** @param root the root folder, absolute */
export function createGit(root: string): Git {
  return new GitRepository(root, { environment: process.env });
}
