/** The JSON of the command line as docs/cli.md promises it to scripts. */
export interface ItemJson {
  id: string;
  uid: string;
  title: string;
  type: string;
  severity: string;
  status: string;
  owner: string | null;
  sprint: string | null;
  tags: string[];
  created: string | null;
  path: string;
  github: string | null;
  private: boolean;
  duplicateOf: string | null;
  actionOf: string | null;
  conflicts: { id: string; mine: string; base: string | null }[];
  incident: {
    phase: string;
    started: string | null;
    detected: string | null;
    service: string | null;
    criteria: string[];
    roles: Record<string, string>;
  } | null;
}

export interface EventJson {
  id: string;
  incident: string;
  kind: string;
  at: string;
  recorded: string;
  by: string;
  origin: string;
  body: string;
  to?: string;
  alert?: string;
  state?: string;
}

export interface ListJson {
  items: ItemJson[];
  problems: { path: string; code: string; message: string; level: string; line?: number }[];
  missing: string[];
}

export interface ShowJson {
  item: ItemJson;
  body: string;
  clocks: { kind: string; standing: string; startedAt: string; dueAt: string | null; stoppedAt: string | null }[];
  timeline: (EventJson & { path: string; missing: boolean })[];
}
