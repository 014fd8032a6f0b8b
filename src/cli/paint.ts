import type { ClockStanding } from '../core/clocks.ts';
import type { Severity } from '../core/severity.ts';

/** Puts a colour on text for a terminal. The word itself always says the same, so that nothing hangs on the colour. */
export type Paint = (text: string, color: 'red' | 'yellow' | 'bold' | 'dim') => string;

const codes = { red: [31, 39], yellow: [33, 39], bold: [1, 22], dim: [2, 22] } as const;

export function painter(color: boolean): Paint {
  if (!color) return (text) => text;
  return (text, name) => {
    const [on, off] = codes[name];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  };
}

export function paintSeverity(paint: Paint, severity: Severity): string {
  if (severity === 'P0') return paint(severity, 'red');
  return severity === 'P1' ? paint(severity, 'yellow') : severity;
}

export function paintStanding(paint: Paint, standing: ClockStanding, text: string): string {
  if (standing === 'overdue' || standing === 'missed') return paint(text, 'red');
  return standing === 'soon' ? paint(text, 'yellow') : text;
}
