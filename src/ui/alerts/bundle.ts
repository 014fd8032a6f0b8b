/** What the bundle of its own, loaded once there are alerts to follow or to show, gives to the composition root. */
export { AlertsUi } from './alertsUi.ts';
