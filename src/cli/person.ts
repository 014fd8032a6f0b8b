import type { Session } from '../services/session.ts';

/** A person as the command line names one: `me`, `nobody` (an empty text), or as written (`@alice`). */
export async function personNamed(session: Session, word: string): Promise<string> {
  if (word === 'me') return session.context.author();
  return word === 'nobody' ? '' : word;
}
