import { FirebreakError } from '../core/errors.ts';
import { type Incident, type Item, isOpenIncident } from '../core/item.ts';
import { requireIncident, requireItem } from '../services/context.ts';
import type { Session } from '../services/session.ts';

/**
 * The item that a name on the command line means: an id, a uid, an alias, `owner/repo#7`, or `#7` where one repository
 * has it.
 * @throws FirebreakError `notFound`, `ambiguousName`
 */
export function chooseItem(session: Session, name: string): Item {
  return requireItem(session.index, fullName(session, name));
}

/** Like {@link chooseItem}, for an incident. @throws FirebreakError `notFound`, `ambiguousName`, `notAnIncident` */
export function chooseIncident(session: Session, name: string): Incident {
  return requireIncident(session.index, fullName(session, name));
}

/** Whether a name means an item here. */
export function isItemName(session: Session, name: string): boolean {
  try {
    return session.index.item(fullName(session, name)) !== undefined;
  } catch (error) {
    if (FirebreakError.is(error)) return false;
    throw error;
  }
}

/**
 * The one incident that is open, for commands whose id was left out. In an emergency that is what people mean; where it
 * is not plain, they are asked.
 * @throws FirebreakError `notFound`, `ambiguousName`
 */
export function onlyOpenIncident(session: Session): Incident {
  const open = session.index.items().filter(isOpenIncident);
  const [only, ...others] = open;
  if (!only) throw new FirebreakError('notFound', 'No incident is open here: name the one you mean.');
  if (others.length > 0) {
    const ids = open.map((incident) => incident.id).join(', ');
    throw new FirebreakError('ambiguousName', `${open.length} incidents are open (${ids}): name the one you mean.`);
  }
  return only;
}

/**
 * Reads `[id] <what>`, where the id may be left out: with one word it is the last that counts.
 * @param what what the last word is, for the message when it was forgotten
 * @throws FirebreakError `invalidInput`, `notFound`, `ambiguousName`, `notAnIncident`
 */
export function incidentAndWord(
  session: Session,
  first: string | undefined,
  second: string | undefined,
  what: string,
): { readonly incident: Incident; readonly word: string } {
  if (first === undefined) throw new FirebreakError('invalidInput', `Say ${what}.`);
  if (second !== undefined) return { incident: chooseIncident(session, first), word: second };
  if (isItemName(session, first)) {
    throw new FirebreakError('invalidInput', `Say ${what} behind "${first}".`);
  }
  return { incident: onlyOpenIncident(session), word: first };
}

function fullName(session: Session, name: string): string {
  const number = /^#([1-9]\d*)$/.exec(name.trim())?.[1];
  if (number === undefined || session.index.item(name)) return name.trim();
  const linked = session.index.items().filter((item) => item.github?.number === Number(number));
  const [only, ...others] = linked;
  if (others.length > 0) {
    const ids = linked.map((item) => item.id).join(', ');
    throw new FirebreakError('ambiguousName', `${name} could be any of ${ids}: name the one you mean.`);
  }
  return only?.uid ?? name.trim();
}
