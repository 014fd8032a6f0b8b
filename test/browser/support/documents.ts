/** One line of front matter: a scalar as it is to stand in the file, or undefined for none. */
type Lines = Record<string, string | undefined>;

/** An item as a person would write it by hand. */
export function itemText(fields: Lines, body = ''): string {
  const { title = 'Something', type = 'bug', date = '2025-09-23', severity = 'P2', status = 'inbox', ...rest } = fields;
  return documentText({ title, type, date, tags: '[]', links: '[]', severity, status, ...rest }, body);
}

/** An event as a person, or another clone, would write it. */
export function eventText(
  fields: { id: string; incident: string; kind: string; at: string; by?: string } & Lines,
  body = '',
): string {
  const { id, incident, kind, at, by = '"@lena"', ...rest } = fields;
  return documentText({ id, incident, kind, at, recorded: at, by, origin: 'c0ffee', ...rest }, body);
}

/** Front matter with these lines, and what stands below it. */
export function documentText(lines: Lines, body: string): string {
  const block = Object.entries(lines).flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${value}`]));
  return `---\n${block.join('\n')}\n---\n${body === '' ? '' : `${body}\n`}`;
}

/** A document taken apart by plain text rules, on purpose not by Firebreak's own reader. */
export interface DocumentParts {
  /** The lines of the front matter that are `key: value`, values as they are written. */
  readonly fields: Readonly<Record<string, string>>;
  /** All below the closing fence. */
  readonly body: string;
}

/** @throws Error when the text is no document with front matter */
export function takeApart(text: string): DocumentParts {
  const match = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(text);
  if (!match) throw new Error(`This is no document:\n${text}`);
  const lines = (match[1] ?? '').split(/\r?\n/).map((line) => /^([\w-]+): (.*)$/.exec(line));
  const fields = Object.fromEntries(lines.flatMap((line) => (line ? [[line[1], line[2]]] : [])));
  return { fields, body: match[2] ?? '' };
}

/**
 * The text with all that differs between two runs replaced by what it is: ids, instants and dates, the clone's id. What
 * is left can be compared letter by letter.
 */
export function masked(text: string): string {
  return (
    text
      .replace(/\b(BUG|FEATURE|TASK)-(P\d)-20\d{6}-\d{4}(?!\d)/g, '$1-$2-MINUTE')
      .replace(/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, 'ULID')
      .replace(/\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'INSTANT')
      .replace(/\b20\d{6}T\d{6}Z-(\w+)-\w{4}\b/g, 'STAMP-$1-XXXX')
      .replace(/\b20\d\d-\d\d-\d\d\b/g, 'DATE')
      .replace(/\b20\d\d-W\d\d\b/g, 'WEEK')
      // One of digits alone, or like a number (12e456), is quoted.
      .replace(/^origin: "?[0-9a-f]{6}"?$/gm, 'origin: CLONE')
  );
}

/** What most flows are about. */
export const loginIsDown = {
  id: 'BUG-P0-20250923-1430',
  uid: '01K5V7Z0000000000000000000',
  title: 'Login is down',
  severity: 'P0',
  at: '2025-09-23T14:30:00Z',
};

/** An incident that another clone declared, with its first two events: the files of its folder by path. */
export function declaredElsewhere(incident: {
  id: string;
  /** 26 characters; the ids of its events begin like it. */
  uid: string;
  title: string;
  severity: string;
  at: string;
  extra?: Lines;
}): Record<string, string> {
  const { id, uid, title, severity, at, extra = {} } = incident;
  const folder = `incidents/${id}`;
  const stamp = at.replace(/[-:]/g, '');
  const eventId = (number: number) => `${uid.slice(0, 22)}EV0${number}`;
  const common = { incident: uid, at, by: '"@lena"' };
  return {
    [`${folder}/incident.md`]: itemText({ title, id, uid, severity, status: 'doing', phase: 'declared', ...extra }),
    [`${folder}/timeline/${stamp}-phase-ev01.md`]: eventText(
      { id: eventId(1), kind: 'phase', ...common, to: 'declared' },
      title,
    ),
    [`${folder}/timeline/${stamp}-severity-ev02.md`]: eventText({
      id: eventId(2),
      kind: 'severity',
      ...common,
      to: severity,
    }),
  };
}
