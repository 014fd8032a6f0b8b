import * as vscode from 'vscode';
import type { Incident } from '../../core/item.ts';
import type { ExportFormat, PictureFormat } from '../../protocol/timelineMessages.ts';
import { exportTimeline, refusePrivate } from '../../services/exportTimeline.ts';
import type { OpenSession } from '../session/openRoot.ts';

const { t } = vscode.l10n;

const endings: Readonly<Record<ExportFormat | PictureFormat, string>> = {
  markdown: 'md',
  json: 'json',
  csv: 'csv',
  svg: 'svg',
  png: 'png',
};

/**
 * Writes entries of a timeline into a file of the person's choice, and opens it.
 * @param ids null for all of them
 * @throws FirebreakError `privateItem`
 */
export async function exportEntries(
  session: OpenSession,
  incident: Incident,
  format: ExportFormat,
  ids: readonly string[] | null,
): Promise<void> {
  const stored = await session.index.timeline(incident.uid);
  const text = exportTimeline(
    incident,
    stored.map(({ event }) => event),
    format,
    ids ?? undefined,
  );
  await save(incident, format, new TextEncoder().encode(text));
}

/**
 * Writes the picture of the incident over time into a file of the person's choice.
 * @param data the SVG's text, or the PNG in base64
 * @throws FirebreakError `privateItem`
 */
export async function exportPicture(incident: Incident, format: PictureFormat, data: string): Promise<void> {
  refusePrivate(incident);
  await save(incident, format, format === 'svg' ? new TextEncoder().encode(data) : Buffer.from(data, 'base64'));
}

async function save(incident: Incident, format: ExportFormat | PictureFormat, bytes: Uint8Array): Promise<void> {
  const ending = endings[format];
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `${incident.id}-timeline.${ending}`;
  const chosen = await vscode.window.showSaveDialog({
    title: t('Export the timeline of {0}', incident.id),
    filters: { [ending.toUpperCase()]: [ending] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
  });
  if (!chosen) return;
  await vscode.workspace.fs.writeFile(chosen, bytes);
  await vscode.commands.executeCommand('vscode.open', chosen, { viewColumn: vscode.ViewColumn.Beside, preview: true });
}
