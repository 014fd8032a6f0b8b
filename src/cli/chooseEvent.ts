import { FirebreakError } from '../core/errors.ts';
import { type Incident, isIncident } from '../core/item.ts';
import type { StoredEvent } from '../core/timelineEvent.ts';
import type { Session } from '../services/session.ts';

export interface ChosenEvent {
  readonly incident: Incident;
  readonly stored: StoredEvent;
}

/**
 * The event that a name on the command line means: its id, its file's path from the root, or the file's name alone.
 * @throws FirebreakError `notFound`, `ambiguousName`
 */
export async function chooseEvent(session: Session, name: string): Promise<ChosenEvent> {
  const wanted = name.trim().replace(/^\.\//, '');
  const found: ChosenEvent[] = [];
  for (const item of session.index.items()) {
    if (!isIncident(item)) continue;
    for (const stored of await session.index.events(item.uid)) {
      const { event, path } = stored;
      if (event.id === wanted || path === wanted || path.endsWith(`/${wanted}`)) found.push({ incident: item, stored });
    }
  }
  const [only, ...others] = found;
  if (!only) {
    throw new FirebreakError(
      'notFound',
      `There is no event "${name}" here: name its file below incidents/, or its id.`,
    );
  }
  if (others.length > 0) {
    const paths = found.map(({ stored }) => stored.path).join(', ');
    throw new FirebreakError('ambiguousName', `${name} could be any of ${paths}: name the one you mean.`);
  }
  return only;
}
