import { codeBlock } from '../../core/codeBlock.ts';
import { lastLines } from '../../core/outputTail.ts';
import type { EvidenceFile } from '../../core/ports/evidence.ts';
import type { ProcessEnd } from '../../core/ports/processes.ts';
import { formatInstant } from '../../core/time.ts';
import type { ActionRun } from './runningActions.ts';

/** How a run went. */
export interface RunOutcome {
  /** Undefined where there was no command. */
  readonly end: ProcessEnd | undefined;
  /** What it wrote last, with secrets masked. */
  readonly output: string;
  readonly files: readonly EvidenceFile[];
}

const mostFiles = 200;

/** The words of a run's event. @param outcome undefined when nobody saw how it ended */
export function runText(run: Pick<ActionRun, 'title' | 'command' | 'freeze'>, outcome: RunOutcome | undefined): string {
  const parts = [
    `**${inline(run.title)}**: ${outcome ? ending(run, outcome) : 'how it ended is not known, since the window that ran it went away.'}`,
  ];
  if (run.command !== undefined) parts.push(codeBlock('sh', run.command));
  if (outcome) {
    const shown = lastLines(outcome.output);
    if (shown !== '') parts.push(codeBlock('text', shown));
    else if (outcome.end?.unheard) parts.push('VS Code gives no output of this task.');
    if (outcome.files.length > 0) parts.push(fileTable(outcome.files));
  }
  return parts.join('\n\n');
}

function ending(run: Pick<ActionRun, 'freeze'>, { end, files }: RunOutcome): string {
  const frozen = run.freeze === 'set' ? 'deployments are frozen.' : 'deployments may go out again.';
  if (!end) {
    const copied = files.filter(({ problem }) => problem === undefined).length;
    return run.freeze === undefined ? `${copied} of ${files.length} files kept.` : frozen;
  }
  if (end.failure !== undefined) return `could not be started (${end.failure}).`;
  if (end.signal !== undefined) return `stopped (${end.signal}).`;
  if (end.exit === 0) return run.freeze === undefined ? 'succeeded.' : frozen;
  if (end.exit === undefined) return 'ended, and nobody was told its exit code.';
  return `failed with exit code ${end.exit}.`;
}

function fileTable(files: readonly EvidenceFile[]): string {
  const rows = files.slice(0, mostFiles).map(({ path, bytes, changedAt, sha256, problem }) => {
    const cells = [
      inline(path),
      problem ?? String(bytes),
      changedAt === undefined ? '' : formatInstant(changedAt),
      sha256 ?? '',
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  const more = files.length > mostFiles ? [`\nand ${files.length - mostFiles} more.`] : [];
  return ['| File | Bytes | Changed | SHA-256 |', '|---|---|---|---|', ...rows, ...more].join('\n');
}

/** Words within a line of markdown: nothing in them is taken for markup. */
function inline(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/([\\`*_[\]<>|])/g, '\\$1');
}
