/** The six fields of the guide's "Communication Template". Markdown; empty where nothing is said. */
export interface StatusUpdate {
  readonly currentState: string;
  readonly impact: string;
  readonly rootCause: string;
  readonly actionsTaken: string;
  readonly nextSteps: string;
  readonly eta: string;
}

/** The fields in the guide's order, with its words. */
export const statusUpdateFields: readonly { readonly key: keyof StatusUpdate; readonly title: string }[] = [
  { key: 'currentState', title: 'Current State' },
  { key: 'impact', title: 'Impact' },
  { key: 'rootCause', title: 'Root Cause' },
  { key: 'actionsTaken', title: 'Actions Taken' },
  { key: 'nextSteps', title: 'Next Steps' },
  { key: 'eta', title: 'ETA' },
];

export const emptyStatusUpdate: StatusUpdate = {
  currentState: '',
  impact: '',
  rootCause: '',
  actionsTaken: '',
  nextSteps: '',
  eta: '',
};

/**
 * The guide's bullet list, without its heading (which holds the time, and is added where the update is shown). Further
 * lines of a field are indented, so that they stay in its bullet; a field with nothing in it is left out.
 */
export function formatStatusUpdate(update: StatusUpdate): string {
  return statusUpdateFields
    .filter(({ key }) => update[key].trim() !== '')
    .map(({ key, title }) => {
      const text = update[key]
        .trim()
        .replaceAll('\r\n', '\n')
        .replace(/\n(?=.)/g, '\n  ');
      return `- **${title}**: ${text}`;
    })
    .join('\n');
}

// `**Title**: text`, `**Title:** text` or `Title: text`, after any bullet. All parts are short, so that no line takes long.
const bullet =
  /^ ?[-*+][ \t]{1,4}(?:\*\*([A-Za-z ]{1,30})\*\*[ \t]{0,4}:|\*\*([A-Za-z ]{1,30}):\*\*|([A-Za-z ]{1,30}):)(.*)$/;

/**
 * Reads the guide's bullet list as a person may have written it: any bullet, bold or not, in any order; what is not said
 * is empty. Text before the first field (a heading) is left out.
 * @returns undefined when none of the fields is there
 */
export function parseStatusUpdate(body: string): StatusUpdate | undefined {
  const found = new Map<keyof StatusUpdate, string[]>();
  let current: string[] | undefined;
  for (const line of body.replaceAll('\r\n', '\n').split('\n')) {
    const match = bullet.exec(line);
    const title = (match?.[1] ?? match?.[2] ?? match?.[3])?.trim().toLowerCase();
    const field = statusUpdateFields.find((candidate) => candidate.title.toLowerCase() === title);
    if (field) {
      current = [(match?.[4] ?? '').trimStart()];
      found.set(field.key, current);
    } else current?.push(line.replace(/^ {1,2}/, ''));
  }
  if (found.size === 0) return undefined;
  const update: Record<keyof StatusUpdate, string> = { ...emptyStatusUpdate };
  for (const [key, lines] of found) update[key] = lines.join('\n').trim();
  return update;
}
