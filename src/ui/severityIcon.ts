import * as vscode from 'vscode';
import type { Severity } from '../core/severity.ts';

/** One shape and one colour each, so that neither alone has to carry the meaning. */
const icons: Readonly<Record<Severity, vscode.ThemeIcon>> = {
  P0: new vscode.ThemeIcon('flame', new vscode.ThemeColor('charts.red')),
  P1: new vscode.ThemeIcon('chevron-up', new vscode.ThemeColor('editorWarning.foreground')),
  P2: new vscode.ThemeIcon('primitive-square', new vscode.ThemeColor('charts.yellow')),
  P3: new vscode.ThemeIcon('chevron-down', new vscode.ThemeColor('charts.blue')),
  P4: new vscode.ThemeIcon('dash', new vscode.ThemeColor('descriptionForeground')),
};

export function severityIcon(severity: Severity): vscode.ThemeIcon {
  return icons[severity];
}
