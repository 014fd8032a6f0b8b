import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import type { RepositoryName } from '../../core/github.ts';
import type { ImportIssues } from '../../services/sync/importIssues.ts';
import type { ImportJob, ImportQuery } from '../../services/sync/importJob.ts';
import { askOne, inputStep, pickStep, runSteps } from '../multiStep.ts';

const { t } = vscode.l10n;

const shownLabels = 8;

/** `Backlog: Import GitHub Issues`: which, how many, then all of them; each part can be stopped and gone on with. */
export async function importFlow(importer: ImportIssues, repository: RepositoryName): Promise<void> {
  const name = `${repository.owner}/${repository.repo}`;
  const begun = await importer.pending();
  const goesOn = begun !== undefined && (await askToGoOn(begun));
  let job = begun;
  if (!goesOn || begun.stage === 'listing') {
    const query = goesOn ? begun.query : await askQuery(name);
    job = await withProgress(t('Listing issues of {0}', name), (report, signal) =>
      importer.list(query, {
        signal,
        onProgress: ({ seen, chosen }) => report(t('{0} read, {1} found', seen, chosen)),
      }),
    );
  }
  if (!job) return;
  if (job.chosen === 0) {
    await importer.discard();
    const none = t(
      'There is nothing to import from {0}: {1} issues were read, {2} are here already.',
      name,
      job.seen,
      job.known,
    );
    vscode.window.showInformationMessage(none);
    return;
  }
  if (job.imported === 0 && !(await agrees(job, name))) {
    await importer.discard();
    return;
  }
  await write(importer, job);
}

async function askToGoOn({ stage, seen, imported, chosen }: ImportJob): Promise<boolean> {
  const goOn = {
    label: t('Go On'),
    description:
      stage === 'listing'
        ? t('{0} issues were listed before it was stopped', seen)
        : t('{0} of {1} issues are imported', imported, chosen),
  };
  const anew = { label: t('Begin Anew'), description: t('What was imported stays') };
  const title = t('Import GitHub Issues');
  return (await askOne({ title, placeholder: t('An import was begun'), items: [goOn, anew] })) === goOn;
}

async function askQuery(name: string): Promise<ImportQuery> {
  const title = t('Import Issues of {0}', name);
  const states: (vscode.QuickPickItem & { readonly state: ImportQuery['state'] })[] = [
    { label: t('Open'), state: 'open' },
    { label: t('Closed'), state: 'closed' },
    { label: t('Open and Closed'), state: 'all' },
  ];
  let state = states[0];
  const texts = { labels: '', milestone: '', words: '' };
  const text = (key: keyof typeof texts, step: number, prompt: string, placeholder: string) => async () => {
    const answer = await inputStep({ title, step, totalSteps: 4, prompt, placeholder, value: texts[key] });
    if (answer === 'back') return false;
    texts[key] = answer.value.trim();
    return true;
  };
  await runSteps([
    async () => {
      const placeholder = t('Which issues?');
      const answer = await pickStep({ title, step: 1, totalSteps: 4, placeholder, items: states, active: state });
      if (answer === 'back') return false;
      state = answer.value;
      return true;
    },
    text('labels', 2, t('Labels that an issue must have, with commas between them. Empty for any.'), 'bug, checkout'),
    text('milestone', 3, t('The title of a milestone. Empty for any.'), '2025-W39'),
    text('words', 4, t('Words that the title or the text must hold. Empty for any.'), ''),
  ]);
  const labels = texts.labels.split(',').map((label) => label.trim());
  return {
    state: state?.state ?? 'open',
    labels: labels.filter((label) => label !== ''),
    ...(texts.milestone === '' ? {} : { milestone: texts.milestone }),
    ...(texts.words === '' ? {} : { text: texts.words }),
  };
}

async function agrees({ chosen, known, labels }: ImportJob, name: string): Promise<boolean> {
  const counts = Object.entries(labels)
    .slice(0, shownLabels)
    .map(([label, count]) => `${label} (${count})`);
  const detail = [
    counts.length > 0 && t('Labels: {0}.', counts.join(', ')),
    known > 0 && t('{0} more are here already.', known),
    t('Each becomes a file in the backlog. Comments stay on GitHub, and nothing is written there.'),
  ];
  const yes = t('Import');
  const question =
    chosen === 1 ? t('Import 1 issue of {0}?', name) : t('Import {0} issues of {1}?', chosen.toLocaleString(), name);
  const options = { modal: true, detail: detail.filter(Boolean).join('\n') };
  return (await vscode.window.showInformationMessage(question, options, yes)) === yes;
}

async function write(importer: ImportIssues, begun: ImportJob): Promise<void> {
  let before = begun.imported;
  try {
    const { imported } = await withProgress(t('Importing issues'), (report, signal) =>
      importer.apply({
        signal,
        onProgress: ({ imported, chosen }) => {
          report(t('{0} of {1}', imported, chosen), (100 * (imported - before)) / chosen);
          before = imported;
        },
      }),
    );
    vscode.window.showInformationMessage(
      imported === 1 ? t('1 issue is in the backlog now.') : t('{0} issues are in the backlog now.', imported),
    );
  } catch (error) {
    if (!FirebreakError.is(error, 'cancelled')) throw error;
    const left = t('Stopped after {0} of {1} issues. "Backlog: Import GitHub Issues" goes on.', before, begun.chosen);
    vscode.window.showInformationMessage(left);
  }
}

type Report = (message: string, increment?: number) => void;

function withProgress<T>(title: string, act: (report: Report, signal: AbortSignal) => Promise<T>): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    const report: Report = (message, increment) =>
      progress.report({ message, ...(increment === undefined ? {} : { increment }) });
    return act(report, abort.signal);
  });
}
