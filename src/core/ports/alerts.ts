import type { Alert } from '../alert.ts';

/** The alerts that are active at one instant. One that has resolved is in it no more: nothing else tells of it. */
export interface AlertReading {
  readonly alerts: readonly Alert[];
  /** The instant by the clock of the monitoring system, epoch milliseconds; undefined where it does not say. */
  readonly at: number | undefined;
}

/** A monitoring system that is asked for its alerts. Nothing is ever changed there. */
export interface AlertSource {
  /**
   * @param names only alerts of these names are needed; without, all are
   * @throws FirebreakError `alertsUnreachable`, `alertsRefused` (the token), `alertsUnusable` (it is something else)
   */
  active(names?: readonly string[]): Promise<AlertReading>;
  /** Since when it runs, by its own clock; undefined where it does not say. @throws like {@link active} */
  upSince(): Promise<number | undefined>;
}
