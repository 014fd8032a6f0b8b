import * as vscode from 'vscode';

/**
 * Brings somebody a click nearer to a contact, as it stands in the policy: an address is opened, a mail or a call begun, and
 * anything else (`@cto`, "See PagerDuty") is on the clipboard. What sends a page by itself belongs here, too.
 * @returns whether it was opened; else it was copied
 */
export async function reachContact(who: string): Promise<boolean> {
  const address = addressOf(who);
  if (address !== undefined && (await vscode.env.openExternal(vscode.Uri.parse(address, true)))) return true;
  await vscode.env.clipboard.writeText(who);
  return false;
}

/** The address that a contact is, if it is one. Nothing but the web, a mail or a call is opened. */
export function addressOf(who: string): string | undefined {
  if (/^https:\/\/[^\s@/]+(?:\/\S*)?$/.test(who)) return who;
  if (/^[^\s@:/?&]+@[^\s@:/?&]+\.[^\s@:/?&]+$/.test(who)) return `mailto:${who}`;
  if (/^\+[\d\s()-]{5,24}$/.test(who)) return `tel:${who.replace(/[^\d+]/g, '')}`;
  return undefined;
}
