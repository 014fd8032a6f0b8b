import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import type { Incident } from '../../core/item.ts';
import { compactInstant } from '../../core/time.ts';
import { imageEndings } from '../../protocol/timelineMessages.ts';
import type { OpenSession } from '../session/openRoot.ts';

const { t } = vscode.l10n;

/** Bytes. More is no picture of a screen, and everybody who clones the repository gets it. */
const mostBytes = 10_000_000;

export function attachmentsFolder(incident: Incident): string {
  return `${incident.incident.folder}/attachments`;
}

/**
 * Puts an image that was pasted beside the incident.
 * @returns the markdown that shows it in a note
 * @throws FirebreakError `invalidInput`
 */
export async function attachPasted(
  session: OpenSession,
  incident: Incident,
  media: string,
  base64: string,
): Promise<string> {
  const ending = imageEndings[media];
  if (ending === undefined) throw noImage();
  return write(session, incident, `pasted.${ending}`, Buffer.from(base64, 'base64'));
}

/**
 * Asks for the file of an image, and puts a copy of it beside the incident.
 * @returns undefined when the person chose none
 * @throws FirebreakError `invalidInput`
 */
export async function attachChosen(session: OpenSession, incident: Incident): Promise<string | undefined> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: t('Attach an image to {0}', incident.id),
      openLabel: t('Attach'),
      filters: { [t('Images')]: [...Object.values(imageEndings), 'jpeg'] },
    })) ?? [];
  if (!chosen) return undefined;
  const { size } = await vscode.workspace.fs.stat(chosen);
  if (size > mostBytes) throw tooLarge();
  return write(session, incident, chosen.path.split('/').at(-1) ?? 'image', await vscode.workspace.fs.readFile(chosen));
}

async function write(session: OpenSession, incident: Incident, name: string, bytes: Uint8Array): Promise<string> {
  if (bytes.length > mostBytes) throw tooLarge();
  const ending = imageEndings[mediaOf(bytes) ?? ''];
  if (ending === undefined) throw noImage();
  const stem = name
    .replace(/\.[^.]*$/, '')
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  const stamp = compactInstant(session.context.now());
  const folder = attachmentsFolder(incident);
  for (let number = 1; ; number++) {
    const file = `${stamp}-${stem || 'image'}${number === 1 ? '' : `-${number}`}.${ending}`;
    const path = `${folder}/${file}`;
    // Refuses a place outside the root, where a link in the workspace may lead.
    if (await session.files.stat(path)) continue;
    await session.files.stat(folder);
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(session.root.uri, ...path.split('/')), bytes);
    return `![${stem || t('image')}](../attachments/${file})`;
  }
}

/** The media type that the first bytes tell: a name is only a name. */
function mediaOf(bytes: Uint8Array): string | undefined {
  const begins = (...wanted: number[]) => wanted.every((byte, index) => bytes[index] === byte);
  if (begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  if (begins(0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (begins(0x47, 0x49, 0x46, 0x38)) return 'image/gif';
  const isWebp = begins(0x52, 0x49, 0x46, 0x46) && String.fromCharCode(...bytes.slice(8, 12)) === 'WEBP';
  return isWebp ? 'image/webp' : undefined;
}

function noImage(): FirebreakError {
  return new FirebreakError('invalidInput', t('That is no image that can be shown: take a PNG, JPEG, GIF or WebP.'));
}

function tooLarge(): FirebreakError {
  return new FirebreakError('invalidInput', t('The image is larger than 10 MB: scale it down, or put a link to it.'));
}
