import type { AlertSource } from '../../core/ports/alerts.ts';
import { Alertmanager, type AlertmanagerOptions } from './alertmanager.ts';

/** What the bundle of its own, loaded when alerts are first looked at, gives to the composition roots. */
export function createAlertSource(options: AlertmanagerOptions): AlertSource {
  return new Alertmanager(options);
}
