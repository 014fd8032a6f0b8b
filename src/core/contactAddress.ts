/**
 * The address that a contact of the policy is, if it is one: a page, a mail or a call. Nothing else is opened, whatever a file
 * says: no other scheme, and no name in front of a host.
 */
export function contactAddress(who: string): string | undefined {
  if (/^https:\/\/[^\s@/\\?#]+(?:[/?#]\S*)?$/.test(who)) return who;
  if (/^[^\s@:/?&%]+@[^\s@:/?&%]+\.[^\s@:/?&%]+$/.test(who)) return `mailto:${who}`;
  if (/^\+[\d\s()-]{5,24}$/.test(who)) return `tel:${who.replace(/[^\d+]/g, '')}`;
  return undefined;
}
