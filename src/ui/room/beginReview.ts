import * as vscode from 'vscode';
import type { Incident } from '../../core/item.ts';
import { FileError } from '../../core/ports/files.ts';
import { reviewPath } from '../../services/postReview.ts';
import type { OpenSession } from '../session/openRoot.ts';

const { t } = vscode.l10n;

/** Opens an incident's review: as it is, or with the guide's headings ("RCA Document Structure"), on disk once it is saved. */
export async function beginReview(session: OpenSession, incident: Incident): Promise<void> {
  const uri = vscode.Uri.joinPath(session.root.uri, reviewPath(incident));
  try {
    await session.files.read(reviewPath(incident));
    await vscode.window.showTextDocument(uri);
    return;
  } catch (error) {
    if (!FileError.is(error, 'notFound')) throw error;
  }
  const document = await vscode.workspace.openTextDocument(uri.with({ scheme: 'untitled' }));
  const editor = await vscode.window.showTextDocument(document);
  if (document.getText() !== '') return;
  await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), outline(incident)));
}

function outline(incident: Incident): string {
  const sections = [
    t('Executive Summary'),
    t('Impact Assessment'),
    t('Timeline of Events'),
    t('Root Cause Analysis'),
    t('Contributing Factors'),
    t('What Went Well'),
    t('What Went Poorly'),
    t('Action Items'),
  ];
  return [`# RCA: ${incident.title}`, ...sections.map((section) => `## ${section}`), ''].join('\n\n');
}
