import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import { acknowledgeCommand } from './commands/acknowledge.ts';
import { actionsCommand } from './commands/actions.ts';
import { addCommand } from './commands/add.ts';
import { alertsCommand } from './commands/alerts.ts';
import { botCommand } from './commands/bot.ts';
import { cancelCommand } from './commands/cancel.ts';
import { checklistCommand } from './commands/checklist.ts';
import { declareCommand } from './commands/declare.ts';
import { importCommand } from './commands/import.ts';
import { listCommand } from './commands/list.ts';
import { mergeCommand } from './commands/merge.ts';
import { notifyCommand } from './commands/notify.ts';
import { ownerCommand } from './commands/owner.ts';
import { phaseCommand } from './commands/phase.ts';
import { publishCommand } from './commands/publish.ts';
import { purgeCommand } from './commands/purge.ts';
import { rcaCommand } from './commands/rca.ts';
import { recordCommand } from './commands/record.ts';
import { correctCommand, retractCommand } from './commands/replace.ts';
import { resolveCommand } from './commands/resolve.ts';
import { restoreCommand } from './commands/restore.ts';
import { roleCommand } from './commands/role.ts';
import { runCommand } from './commands/run.ts';
import { severityCommand } from './commands/severity.ts';
import { shareCommand } from './commands/share.ts';
import { showCommand } from './commands/show.ts';
import { decisionCommand, noteCommand } from './commands/spoken.ts';
import { statusCommand } from './commands/status.ts';
import { syncCommand } from './commands/sync.ts';
import { doneCommand, handOverCommand, taskCommand } from './commands/tasks.ts';
import { updateCommand } from './commands/update.ts';
import { warRoomCommand } from './commands/warRoom.ts';

/** All commands, in the order and under the headings of the help: an incident's course first, then the backlog, then what is shared. */
export function commands(cli: Cli): Command[] {
  return [
    ...under('Work an incident:', [
      declareCommand(cli),
      alertsCommand(cli),
      acknowledgeCommand(cli),
      updateCommand(cli),
      noteCommand(cli),
      decisionCommand(cli),
      phaseCommand(cli),
      severityCommand(cli),
      cancelCommand(cli),
      mergeCommand(cli),
    ]),
    ...under('Run, check and record:', [
      actionsCommand(cli),
      runCommand(cli),
      checklistCommand(cli),
      recordCommand(cli),
    ]),
    ...under('People and messages:', [
      roleCommand(cli),
      handOverCommand(cli),
      taskCommand(cli),
      doneCommand(cli),
      botCommand(cli),
      warRoomCommand(cli),
      notifyCommand(cli),
    ]),
    ...under('Set the record straight:', [correctCommand(cli), retractCommand(cli), purgeCommand(cli)]),
    ...under('The backlog:', [
      listCommand(cli),
      showCommand(cli),
      addCommand(cli),
      statusCommand(cli),
      ownerCommand(cli),
    ]),
    ...under('Git and GitHub:', [
      shareCommand(cli),
      restoreCommand(cli),
      syncCommand(cli),
      resolveCommand(cli),
      rcaCommand(cli),
      importCommand(cli),
      publishCommand(cli),
    ]),
  ];
}

function under(heading: string, commands: readonly Command[]): Command[] {
  return commands.map((command) => command.helpGroup(heading));
}
