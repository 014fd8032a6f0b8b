import * as vscode from 'vscode';
import { oneLine } from '../../services/context.ts';
import type { WorkspaceIndex } from '../../store/workspaceIndex.ts';
import type { Standing } from './standing.ts';
import { longReason, waitingCount } from './standingWords.ts';

const { t } = vscode.l10n;

/** What the next sync would do, why it waits, and what needs a person: as a document to read. */
export function planText(standing: Standing, index: WorkspaceIndex | undefined): string {
  const { repository, steps, reasons, problems, syncing } = standing;
  const conflicts = (index?.items() ?? []).flatMap((item) =>
    item.conflicts.map(({ mine }) => ({
      item: item.id,
      words: t("the text was changed here and on GitHub; GitHub's stands, yours is in {0}", mine),
    })),
  );
  const needs = [...conflicts, ...problems.map(({ item, message }) => ({ item, words: message }))];
  const named = (item: string) => {
    const found = index?.item(item);
    return found ? `${found.severity} ${item}: ${found.title}` : item;
  };
  const lines = [
    `# ${t('What the next sync with GitHub would do')}`,
    '',
    repository === undefined
      ? t('There is no GitHub repository to sync with: set "firebreak.github.repository", or add a git remote.')
      : t('Repository: {0}', repository),
    '',
    ...(syncing ? [t('It is syncing right now.'), ''] : []),
    ...(reasons.length > 0 ? [`## ${t('Why it waits')}`, '', ...reasons.map((one) => `- ${longReason(one)}`), ''] : []),
  ];
  if (needs.length > 0) {
    lines.push(`## ${t('What needs you')}`, '');
    lines.push(...grouped(needs, named), '');
  }
  lines.push(`## ${steps.length === 0 ? t('Nothing waits') : waitingCount(steps.length)}`, '');
  if (steps.length === 0) lines.push(t('Everything that this clone knows of is in step.'), '');
  lines.push(
    ...grouped(
      steps.map(({ item, detail }) => ({ item, words: detail })),
      named,
    ),
  );
  return `${lines.join('\n').trimEnd()}\n`;
}

/** In the order in which they are done: the most urgent first. */
function grouped(entries: readonly { item: string; words: string }[], named: (item: string) => string): string[] {
  const byItem = new Map<string, string[]>();
  for (const { item, words } of entries) byItem.set(item, [...(byItem.get(item) ?? []), words]);
  return [...byItem].flatMap(([item, found]) => [
    `- ${oneLine(named(item))}`,
    ...found.map((one) => `  - ${oneLine(one)}`),
  ]);
}
