import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import { type Incident, isIncident } from '../../core/item.ts';
import { parseInstant } from '../../core/time.ts';
import type { StoredEvent } from '../../core/timelineEvent.ts';
import { purgeAdvice } from '../../services/purgeAdvice.ts';
import { purgeEvent } from '../../services/purgeEvent.ts';
import { purgesOf } from '../../services/purges.ts';
import { whereabouts } from '../beyondReach.ts';
import { chooseIncident } from '../commands/chooseIncident.ts';
import { askOne } from '../multiStep.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import { relativePath } from '../session/rootWatch.ts';

const { t } = vscode.l10n;

/** For a leaked secret: the words of an event are forgotten, after a yes, and what people have left to do is shown. */
export async function purgeCommand(root: OpenRoot, argument: unknown, shown: string | undefined): Promise<void> {
  const session = await root.requireTrusted();
  const { incident, stored } =
    (await eventAt(session, argument)) ??
    (await eventAt(session, vscode.window.activeTextEditor?.document.uri)) ??
    (await chooseEvent(session, shown));
  const purge = t('Purge for Good');
  const answer = await vscode.window.showWarningMessage(
    t('Purge the words of this event for good?'),
    {
      modal: true,
      detail: t(
        '{0}\n\n{1}\n\nThey are taken out of the file, out of the journal of every clone and out of the comment on GitHub, and nothing brings them back. That there was an event stays on record.',
        stored.path,
        excerpt(stored),
      ),
    },
    purge,
  );
  if (answer !== purge) return;
  const sent = await whereabouts(session, incident, stored.event);
  const { path, alsoIn } = await purgeEvent(session.context, session.privateFiles, incident, stored);
  const content = purgeAdvice(path, alsoIn, sent);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'markdown', content }));
}

async function eventAt(
  session: OpenSession,
  uri: unknown,
): Promise<{ readonly incident: Incident; readonly stored: StoredEvent } | undefined> {
  const path = uri instanceof vscode.Uri ? relativePath(session.root.uri, uri) : undefined;
  const incident = path === undefined ? undefined : session.index.itemAt(path);
  if (!incident || !isIncident(incident)) return undefined;
  const stored = (await session.index.events(incident.uid)).find((one) => one.path === path);
  return stored && { incident, stored };
}

async function chooseEvent(
  session: OpenSession,
  shown: string | undefined,
): Promise<{ readonly incident: Incident; readonly stored: StoredEvent }> {
  const title = t('Purge Event');
  const incident = await chooseIncident(session, undefined, { title, shown, closedToo: true });
  const purged = purgesOf(session.context, incident);
  const events = (await session.index.events(incident.uid)).filter(
    ({ event }) => event.body.trim() !== '' && !purged.has(event.id),
  );
  if (events.length === 0) throw new FirebreakError('notFound', t('{0} has no words to purge.', incident.id));
  const picked = await askOne({
    title,
    placeholder: t('Which event holds what is to be forgotten?'),
    items: [...events].reverse().map((stored) => ({
      label: excerpt(stored),
      description: `${stored.event.kind} · ${stored.event.by} · ${new Date(parseInstant(stored.event.at) ?? 0).toLocaleString()}`,
      stored,
    })),
  });
  return { incident, stored: picked.stored };
}

function excerpt({ event }: StoredEvent): string {
  const text = event.body.replace(/\s+/g, ' ').trim();
  const characters = [...text];
  return characters.length > 120 ? `${characters.slice(0, 119).join('')}\u2026` : text;
}
