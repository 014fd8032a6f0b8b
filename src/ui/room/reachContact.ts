import * as vscode from 'vscode';
import { contactAddress } from '../../core/contactAddress.ts';

/**
 * Brings somebody a click nearer to a contact, as it stands in the policy: an address is opened, a mail or a call begun, and
 * anything else (`@cto`, "See PagerDuty") is on the clipboard. What sends a page by itself belongs here, too.
 * @returns whether it was opened; else it was copied
 */
export async function reachContact(who: string): Promise<boolean> {
  const address = contactAddress(who);
  if (address !== undefined && (await vscode.env.openExternal(vscode.Uri.parse(address, true)))) return true;
  await vscode.env.clipboard.writeText(who);
  return false;
}
