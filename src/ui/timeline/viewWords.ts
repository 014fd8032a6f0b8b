import * as vscode from 'vscode';
import { isPhase } from '../../core/phase.ts';
import { clockNames, criterionTexts, phaseNames } from '../words.ts';
import type { EntryWords } from './entryViews.ts';
import type { TimelineWords } from './timelineView.ts';

export const timelineWords: TimelineWords = { phases: phaseNames, clocks: clockNames, criteria: criterionTexts };

export const entryWords: EntryWords = {
  phase: (name) => (isPhase(name) ? phaseNames[name] : name),
  states: {
    open: vscode.l10n.t('to do'),
    done: vscode.l10n.t('done'),
    dropped: vscode.l10n.t('dropped'),
    firing: vscode.l10n.t('firing'),
    resolved: vscode.l10n.t('resolved'),
  },
};
