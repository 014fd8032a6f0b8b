import * as vscode from 'vscode';
import type { RepositoryName } from '../../core/github.ts';
import type { RemoteRepository } from '../../core/ports/issueTracker.ts';
import { settings } from '../settings.ts';

const { t } = vscode.l10n;
const consentKey = 'firebreak.syncConsent';

/**
 * Whether this user, on this machine, agreed that a folder's incidents go to a repository. A file in the workspace can
 * name a repository, but it cannot agree (design, promise 3).
 */
export class SyncConsent {
  readonly #memory: vscode.Memento;
  #asking = false;
  /** Said "Not Now": asked again after the next start. */
  readonly #later = new Set<string>();

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** Whether sync may go on by itself, without a question. */
  given(folder: vscode.Uri, apiUrl: string, repository: RepositoryName): boolean {
    return this.#agreed().includes(keyOf(folder, apiUrl, repository));
  }

  /**
   * Asks where it has to be asked.
   * @param clicked whether the user asked for this sync; then only a public repository is asked about
   */
  async ask(folder: vscode.Uri, apiUrl: string, repository: RemoteRepository, clicked: boolean): Promise<boolean> {
    const key = keyOf(folder, apiUrl, repository);
    const agreed = this.#agreed();
    const name = `${repository.owner}/${repository.repo}`;
    const needsQuestion = repository.private ? !clicked && settings.sync() !== 'auto' : true;
    if (needsQuestion && !(await this.#question(key, name, !repository.private, clicked))) return false;
    if (!agreed.includes(key)) await this.#memory.update(consentKey, [...agreed, key]);
    return true;
  }

  async #question(key: string, name: string, isPublic: boolean, clicked: boolean): Promise<boolean> {
    if (this.#asking || (this.#later.has(key) && !clicked)) return false;
    this.#asking = true;
    try {
      const yes = isPublic ? t('Publish') : t('Keep in Step');
      const message = isPublic
        ? t('{0} is public: everybody can read what is sent there. Keep incidents in step with its issues?', name)
        : t('Keep incidents in step with the issues of {0}?', name);
      const answer = isPublic
        ? await vscode.window.showWarningMessage(
            message,
            { modal: clicked, ...(clicked ? { detail: t('Private incidents are never sent.') } : {}) },
            yes,
          )
        : await vscode.window.showInformationMessage(message, yes, t('Not Now'));
      if (answer !== yes) this.#later.add(key);
      return answer === yes;
    } finally {
      this.#asking = false;
    }
  }

  #agreed(): string[] {
    return this.#memory.get<string[]>(consentKey, []);
  }
}

function keyOf(folder: vscode.Uri, apiUrl: string, repository: RepositoryName): string {
  return `${folder.toString()} ${apiUrl} ${repository.owner}/${repository.repo}`.toLowerCase();
}
