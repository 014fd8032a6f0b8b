import * as vscode from 'vscode';
import { FirebreakError } from '../../core/errors.ts';
import type { Incident } from '../../core/item.ts';
import type { ReminderDesk } from '../../services/room/reminderDesk.ts';
import { chooseIncident } from '../commands/chooseIncident.ts';
import type { ReminderStanding } from '../reminderStanding.ts';
import type { Reporter } from '../reporter.ts';
import type { OpenRoot, OpenSession } from '../session/openRoot.ts';
import type { Ticker } from '../ticker.ts';
import type { RoomUiCommand } from './lazyRoomUi.ts';
import { askSnooze, notifyOf } from './reminderAnswers.ts';
import { type Lock, ReminderScheduler } from './reminderScheduler.ts';

const { t } = vscode.l10n;

export interface RoomUiOptions {
  readonly root: OpenRoot;
  readonly ticker: Ticker;
  readonly reporter: Reporter;
  readonly standing: ReminderStanding;
  /** The uid of the incident whose timeline panel is active. */
  readonly shown: () => string | undefined;
  /** What one process of all has at a time, waited for a moment; undefined when another keeps it. */
  readonly lock: (session: OpenSession, name: string) => Promise<Lock | undefined>;
  /** Whether a process of this machine is still there. */
  readonly isAlive: (pid: number) => boolean;
}

/** What people see of the incident room beyond its views: the reminders. */
export class RoomUi implements vscode.Disposable {
  readonly #scheduler: ReminderScheduler;
  readonly handlers: Readonly<Record<RoomUiCommand, (argument: unknown) => Promise<void>>>;

  constructor({ root, ticker, reporter, standing, shown, lock, isAlive }: RoomUiOptions) {
    const scheduler = new ReminderScheduler({ root, ticker, reporter, standing, lock, isAlive, notify: notifyOf });
    this.#scheduler = scheduler;
    const onIncident =
      (title: string, act: (desk: ReminderDesk, incident: Incident) => Promise<void>) =>
      async (argument: unknown): Promise<void> => {
        const session = await root.requireTrusted();
        const desk = scheduler.desk(session);
        if (!desk) throw new FirebreakError('readOnly', t('There is no place here to remember that.'));
        await act(desk, await chooseIncident(session, argument, { title, shown: shown() }));
        scheduler.look();
      };
    this.handlers = {
      'firebreak.snoozeReminders': onIncident(t('Snooze Reminders'), askSnooze),
      'firebreak.remindAgain': onIncident(t('Remind Me Again'), (desk, incident) => desk.remindAgain(incident.uid)),
    };
  }

  dispose(): void {
    this.#scheduler.dispose();
  }
}
