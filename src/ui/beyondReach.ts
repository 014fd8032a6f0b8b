import * as vscode from 'vscode';
import type { Incident } from '../core/item.ts';
import type { TimelineEvent } from '../core/timelineEvent.ts';
import { type Whereabouts, whereItWent } from '../services/warRoom/whereItWent.ts';
import type { OpenSession } from './session/openRoot.ts';
import { settings } from './settings.ts';

const { t } = vscode.l10n;

/** Where an event's words went from this clone. */
export function whereabouts(session: OpenSession, incident: Incident, event: TimelineEvent): Promise<Whereabouts[]> {
  const excluded = async () => settings.syncSettings(session.root.folder.uri);
  return whereItWent(session.privateFiles, incident, event, excluded);
}

/** Says, after an event was corrected or taken back, where its words stay as they were. What the war room changes by itself needs no word. */
export function sayWhereItStays(found: readonly Whereabouts[]): void {
  const places = found.flatMap((where) => {
    const name = placeName(where);
    return name === undefined ? [] : [name];
  });
  if (places.length === 0) return;
  void vscode.window.showWarningMessage(
    t('It was sent before, and can not be changed from here: {0}. Tell them what is right.', places.join(', ')),
  );
}

function placeName(where: Whereabouts): string | undefined {
  switch (where.place) {
    case 'slack':
      return undefined;
    case 'silent':
      return t('Slack (the incident is private or excluded, so nothing of it is sent)');
    case 'webhook':
      return t('the webhook');
    case 'pagerduty':
      return 'PagerDuty';
    case 'chat':
      return t('Slack, where somebody wrote it');
    case 'customers':
      return t('customers, through {0}', where.through);
  }
}
