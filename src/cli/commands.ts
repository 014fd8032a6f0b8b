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

/** All commands, in the order of the help: an incident's course first, then the backlog, then what is shared. */
export function commands(cli: Cli): Command[] {
  return [
    declareCommand(cli),
    acknowledgeCommand(cli),
    noteCommand(cli),
    decisionCommand(cli),
    recordCommand(cli),
    correctCommand(cli),
    retractCommand(cli),
    purgeCommand(cli),
    updateCommand(cli),
    phaseCommand(cli),
    alertsCommand(cli),
    actionsCommand(cli),
    runCommand(cli),
    checklistCommand(cli),
    severityCommand(cli),
    roleCommand(cli),
    handOverCommand(cli),
    taskCommand(cli),
    doneCommand(cli),
    botCommand(cli),
    warRoomCommand(cli),
    notifyCommand(cli),
    cancelCommand(cli),
    mergeCommand(cli),
    listCommand(cli),
    showCommand(cli),
    addCommand(cli),
    statusCommand(cli),
    ownerCommand(cli),
    restoreCommand(cli),
    resolveCommand(cli),
    syncCommand(cli),
    publishCommand(cli),
    rcaCommand(cli),
    importCommand(cli),
    shareCommand(cli),
  ];
}
