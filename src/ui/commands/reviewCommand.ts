import * as vscode from 'vscode';
import type { CommandId } from '../contributions.ts';
import { beginReview } from '../room/beginReview.ts';
import type { OpenRoot } from '../session/openRoot.ts';
import type { TimelinePanels } from '../timeline/timelinePanels.ts';
import { chooseIncident } from './chooseIncident.ts';

const { t } = vscode.l10n;

/** Opens the review of an incident, begun with the guide's headings where there is none yet. */
export function reviewCommand(root: OpenRoot, panels: TimelinePanels) {
  return {
    'firebreak.openRca': async (argument: unknown) => {
      const session = await root.requireTrusted();
      const title = t('Open RCA');
      const incident = await chooseIncident(session, argument, { title, shown: panels.activeUid, closedToo: true });
      await beginReview(session, incident);
    },
  } satisfies Partial<Record<CommandId, (argument: unknown) => Promise<void>>>;
}
