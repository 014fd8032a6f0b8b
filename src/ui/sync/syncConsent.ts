import * as vscode from 'vscode';
import type { RepositoryName } from '../../core/github.ts';
import type { RemoteRepository } from '../../core/ports/issueTracker.ts';
import { settings } from '../settings.ts';

const { t } = vscode.l10n;
const consentKey = 'firebreak.syncConsent';

/** To sync with the repository while it is private, or also though everybody can read it. */
export type Agreement = 'private' | 'public';

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

  /** What the user agreed to: sync may go on by itself, without a question. */
  given(folder: vscode.Uri, apiUrl: string, repository: RepositoryName): Agreement | undefined {
    return this.#agreed()[keyOf(folder, apiUrl, repository)];
  }

  /**
   * Asks where it has to be asked.
   * @param clicked whether the user asked for this sync; then only a public repository is asked about
   * @returns what is agreed to now; undefined for a no, or when a question stands already
   */
  async ask(
    folder: vscode.Uri,
    apiUrl: string,
    repository: RemoteRepository,
    clicked: boolean,
  ): Promise<Agreement | undefined> {
    const key = keyOf(folder, apiUrl, repository);
    const wanted = repository.private ? 'private' : 'public';
    const name = `${repository.owner}/${repository.repo}`;
    const needsQuestion = wanted === 'public' || (!clicked && settings.sync() !== 'auto');
    if (needsQuestion && !(await this.#question(key, name, wanted === 'public', clicked))) return undefined;
    await this.#memory.update(consentKey, { ...this.#agreed(), [key]: wanted });
    return wanted;
  }

  async #question(key: string, name: string, isPublic: boolean, clicked: boolean): Promise<boolean> {
    if (!clicked && (this.#asking || this.#later.has(key))) return false;
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

  #agreed(): Readonly<Record<string, Agreement>> {
    return this.#memory.get<Record<string, Agreement>>(consentKey, {});
  }
}

function keyOf(folder: vscode.Uri, apiUrl: string, repository: RepositoryName): string {
  return `${folder.toString()} ${apiUrl} ${repository.owner}/${repository.repo}`.toLowerCase();
}
