import { Command } from 'commander';
import { FirebreakError } from '../../core/errors.ts';
import type { ShareResult } from '../../core/ports/git.ts';
import { oneLine } from '../../services/context.ts';
import { shareWorkspace } from '../../services/shareWorkspace.ts';
import { type Cli, perform } from '../cli.ts';
import { plainLine } from '../plainText.ts';

interface ShareOptions {
  readonly message: string;
}

export function shareCommand(cli: Cli): Command {
  return new Command('share')
    .description("Fetch, commit, merge and push Firebreak's own files, and nothing else.")
    .option('--message <text>', 'what the commit says', 'share incidents and backlog')
    .action(async (options: ShareOptions, command: Command) =>
      perform(cli, command, async (session) => {
        const git = await session.git();
        if (!git) throw new FirebreakError('noGit', 'There is no git repository here: run git init first.');
        const result = await shareWorkspace(git, oneLine(options.message));
        return { json: { ...result }, text: shareText(result) };
      }),
    );
}

function shareText({ committed, received, pushed, dropped }: ShareResult): string {
  const files = (count: number) => `${count} ${count === 1 ? 'file' : 'files'}`;
  const lines = [
    `committed ${files(committed)}, received ${files(received)}, ${pushed ? 'pushed' : 'nothing to push'}`,
    ...dropped.map((path) => `  ${plainLine(path)} came in as you had it`),
  ];
  return lines.join('\n');
}
