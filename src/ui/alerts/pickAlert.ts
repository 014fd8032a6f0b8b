import * as vscode from 'vscode';
import { type Alert, byUrgency } from '../../core/alert.ts';
import { FirebreakError } from '../../core/errors.ts';
import type { AlertLabelPolicy } from '../../core/policy.ts';
import type { AlertReading } from '../../core/ports/alerts.ts';
import { type AlertRow, alertRows } from './alertRows.ts';

const { t } = vscode.l10n;

/** How often the list is brought up to date while it is open. */
const refreshMs = 15_000;

export interface PickedAlert {
  readonly alert: Alert;
  /** When it was seen, by the monitoring system's clock where that is known. */
  readonly at: number;
}

export type OnPicked = (picked: PickedAlert) => Promise<void>;

export interface PickAlertOptions {
  readonly title: string;
  readonly placeholder: string;
  readonly read: () => Promise<AlertReading>;
  readonly incidents: () => ReadonlyMap<string, string>;
  /** What the team's policy says of the labels of alerts. */
  readonly policy: () => readonly AlertLabelPolicy[];
  readonly now: () => number;
}

/**
 * Shows the active alerts, kept up to date while they are shown, and asks for one. The list stays on screen until what comes
 * next shows: between the two the focus would be back in the editor.
 * @throws FirebreakError `cancelled`; what the first reading and `act` throw
 */
export async function pickAlert(options: PickAlertOptions, act: OnPicked): Promise<void> {
  const pick = vscode.window.createQuickPick<AlertRow>();
  try {
    await act(await choose(pick, options));
  } finally {
    pick.dispose();
  }
}

function choose(
  pick: vscode.QuickPick<AlertRow>,
  { title, placeholder, read, incidents, policy, now }: PickAlertOptions,
): Promise<PickedAlert> {
  const refresh: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('refresh'), tooltip: t('Refresh') };
  pick.title = title;
  pick.placeholder = placeholder;
  pick.buttons = [refresh];
  pick.ignoreFocusOut = true;
  pick.keepScrollPosition = true;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  let reading: AlertReading = { alerts: [], at: undefined };
  let isOpen = true;
  const instant = () => reading.at ?? now();

  const show = () => {
    const active = pick.activeItems[0]?.alert?.fingerprint;
    pick.items = alertRows(reading.alerts, incidents(), policy(), pick.value, instant());
    const same = pick.items.find(({ alert }) => alert !== undefined && alert.fingerprint === active);
    if (same) pick.activeItems = [same];
  };
  const load = async () => {
    pick.busy = true;
    try {
      const { alerts, at } = await read();
      reading = { alerts: byUrgency(alerts, policy()), at };
      if (!isOpen) return;
      pick.title = t('{0}: {1}', title, reading.alerts.length);
      if (reading.alerts.length === 0) pick.placeholder = t('No alert is active.');
      else pick.placeholder = placeholder;
      show();
    } finally {
      if (isOpen) pick.busy = false;
    }
  };

  return new Promise<PickedAlert>((resolve, reject) => {
    const again = () => {
      // The list stays as it was last known, and says so.
      load().catch((error: unknown) => {
        if (isOpen) pick.title = FirebreakError.is(error) ? `${title}: ${error.message}` : title;
      });
    };
    const timer = setInterval(again, refreshMs);
    const done = () => {
      isOpen = false;
      clearInterval(timer);
      for (const disposable of own) disposable.dispose();
    };
    const own = [
      pick.onDidChangeValue(show),
      pick.onDidTriggerButton(again),
      pick.onDidAccept(() => {
        const alert = pick.selectedItems[0]?.alert;
        if (!alert) return;
        done();
        pick.busy = true;
        resolve({ alert, at: instant() });
      }),
      pick.onDidHide(() => {
        done();
        reject(new FirebreakError('cancelled', 'Cancelled.'));
      }),
    ];
    pick.show();
    load().catch((error: unknown) => {
      done();
      reject(error);
    });
  });
}
