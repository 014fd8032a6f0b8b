import { oneOf } from './oneOf.ts';

/** From the most to the least urgent. Source: guide, "Incident Severity Classification". */
export const severities = ['P0', 'P1', 'P2', 'P3', 'P4'] as const;
export type Severity = (typeof severities)[number];
export const isSeverity = oneOf(severities);
