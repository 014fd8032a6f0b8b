import * as vscode from 'vscode';
import type { RepositoryName } from '../../core/github.ts';
import type { Item } from '../../core/item.ts';
import { minute } from '../../core/time.ts';
import type { LeftOut, PublishItems, PublishPreview } from '../../services/sync/publishItems.ts';
import { pickManyStep, runSteps } from '../multiStep.ts';
import { severityIcon } from '../severityIcon.ts';

const { t } = vscode.l10n;

/**
 * `Firebreak: Publish Backlog to GitHub…`: which items, how many, how long; then the choice is kept, and syncs make them.
 * @returns whether something was chosen
 */
export async function publishFlow(publishing: PublishItems, repository: RepositoryName): Promise<boolean> {
  const all = await publishing.preview();
  if (all.items.length === 0) {
    const nothing = t('No item is without an issue that could have one.');
    vscode.window.showInformationMessage([nothing, leftOutText(all)].filter(Boolean).join(' '));
    return false;
  }
  const picked = await pickItems(all.items);
  if (picked.length === 0) return false;
  const preview = picked.length === all.items.length ? all : await publishing.preview(picked);
  return agreeAndChoose(publishing, repository, preview, leftOutText(all));
}

/** `Publish to GitHub…` of one item. @returns whether it was chosen */
export async function publishOneFlow(
  publishing: PublishItems,
  repository: RepositoryName,
  item: Item,
): Promise<boolean> {
  const preview = await publishing.preview([item]);
  const [why] = Object.keys(preview.leftOut) as LeftOut[];
  if (why === 'chosen') return true;
  if (why !== undefined) {
    vscode.window.showWarningMessage(`${item.id}: ${reasons()[why]}`);
    return false;
  }
  return agreeAndChoose(publishing, repository, preview, undefined);
}

async function pickItems(items: readonly Item[]): Promise<readonly Item[]> {
  const rows = items.map((item) => ({
    label: item.title,
    description: `${item.severity} · ${item.id}`,
    iconPath: severityIcon(item.severity),
    item,
  }));
  let picked: readonly Item[] = [];
  await runSteps([
    async () => {
      const answer = await pickManyStep({
        title: t('Publish Backlog to GitHub'),
        step: 1,
        totalSteps: 1,
        placeholder: t('Which items get an issue?'),
        items: rows,
        selected: rows,
      });
      picked = answer === 'back' ? [] : answer.value.map(({ item }) => item);
      return true;
    },
  ]);
  return picked;
}

async function agreeAndChoose(
  publishing: PublishItems,
  { owner, repo }: RepositoryName,
  preview: PublishPreview,
  leftOut: string | undefined,
): Promise<boolean> {
  const { items, duration, takenOver } = preview;
  const name = `${owner}/${repo}`;
  const [only] = items;
  const question =
    items.length === 1 && only
      ? only.github
        ? t('Send what is missing of "{0}" to {1}?', only.title, name)
        : t('Make an issue of "{0}" in {1}?', only.title, name)
      : t('Make {0} issues in {1}?', items.length.toLocaleString(), name);
  const detail = [
    items.length > 1 &&
      t('Within GitHub\u2019s limits that takes about {0}, and goes on by itself.', timeText(duration)),
    takenOver > 0 &&
      t(
        'Other clones have not sent what they recorded of it. Publish that from here only if they are lost: it goes out from here then.',
      ),
    leftOut,
  ];
  const yes = t('Publish');
  const options = { modal: true, detail: detail.filter(Boolean).join('\n') };
  if ((await vscode.window.showInformationMessage(question, options, yes)) !== yes) return false;
  await publishing.choose(items);
  return true;
}

function timeText(duration: number): string {
  const minutes = Math.max(1, Math.ceil(duration / minute));
  if (minutes === 1) return t('a minute');
  return minutes < 120 ? t('{0} minutes', minutes) : t('{0} hours', Math.round(minutes / 60));
}

function reasons(): Readonly<Record<LeftOut, string>> {
  return {
    private: t('It is private, so it is never sent.'),
    excluded: t('The setting "firebreak.github.exclude" keeps it inside.'),
    namesPrivate: t('Its title or text names a private item, so it is not sent.'),
    finished: t('It is declined or a duplicate, so it gets no issue.'),
    linked: t('It has an issue, or had one.'),
    chosen: t('It waits for its issue already.'),
    incident: t('An incident gets its issue by the next sync.'),
  };
}

function leftOutText({ leftOut }: PublishPreview): string | undefined {
  const parts = [
    leftOut.private && t('{0} private', leftOut.private),
    leftOut.excluded && t('{0} excluded', leftOut.excluded),
    leftOut.namesPrivate && t('{0} that name a private one', leftOut.namesPrivate),
    leftOut.finished && t('{0} finished', leftOut.finished),
    leftOut.linked && t('{0} with an issue', leftOut.linked),
    leftOut.chosen && t('{0} that wait for theirs already', leftOut.chosen),
  ].filter(Boolean);
  return parts.length > 0 ? t('Left out: {0}.', parts.join(', ')) : undefined;
}
