import { isOpenIncident } from '../core/item.ts';
import type { Session } from '../services/session.ts';

/**
 * Takes in what others did with open incidents since the last look, for a command that goes on: a listing of folders, and
 * a read of what is new in them. Events are never rewritten, so that one which is known needs no second look.
 */
export async function followIncidents(session: Session): Promise<void> {
  const { files, index } = session;
  const paths = ['incident-policy.yml'];
  const known = new Map(
    index.items().flatMap((item) => (item.incident ? [[item.incident.folder, item] as const] : [])),
  );
  for (const { name, kind } of await files.list('incidents')) {
    const folder = `incidents/${name}`;
    const incident = known.get(folder);
    if (kind !== 'file' && !incident) paths.push(folder);
    if (!incident || !isOpenIncident(incident)) continue;
    paths.push(incident.path, `${folder}/rca.md`);
    const seen = new Set((await index.events(incident.uid)).map(({ path }) => path));
    const events = (await files.list(`${folder}/timeline`)).map((entry) => `${folder}/timeline/${entry.name}`);
    paths.push(...events.filter((path) => !seen.has(path)));
  }
  await index.refresh(paths);
}
