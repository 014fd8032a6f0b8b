import * as vscode from 'vscode';
import type { ClockKind } from '../core/clocks.ts';
import type { Criterion } from '../core/criterion.ts';
import type { ItemType } from '../core/itemType.ts';
import type { Phase } from '../core/phase.ts';
import type { Role } from '../core/role.ts';
import type { Severity } from '../core/severity.ts';
import type { Status } from '../core/status.ts';

const { t } = vscode.l10n;

/** The domain's words as people read them. */
export const phaseNames: Readonly<Record<Phase, string>> = {
  detected: t('Detected'),
  declared: t('Declared'),
  triage: t('Triage'),
  respond: t('Respond'),
  mitigate: t('Mitigate'),
  investigate: t('Investigate'),
  fix: t('Fix'),
  verify: t('Verify'),
  rca: t('RCA'),
  closed: t('Closed'),
};

export const phaseDetails: Readonly<Record<Phase, string>> = {
  detected: t('Somebody or something noticed'),
  declared: t('It is an incident'),
  triage: t('Probable causes and impact are being found out'),
  respond: t('The response team forms'),
  mitigate: t('Stop the bleeding, restore service, even if degraded'),
  investigate: t('Find the root cause'),
  fix: t('Deploy the fix'),
  verify: t('Verify that it is resolved'),
  rca: t('Resolved; the review is owed'),
  closed: t('Nothing more is to be done'),
};

export const statusNames: Readonly<Record<Status, string>> = {
  inbox: t('Inbox'),
  ready: t('Ready'),
  doing: t('Doing'),
  review: t('Review'),
  done: t('Done'),
  declined: t('Declined'),
  duplicate: t('Duplicate'),
};

export const typeNames: Readonly<Record<ItemType, string>> = {
  bug: t('Bug'),
  feature: t('Feature'),
  task: t('Task'),
};

export const severityNames: Readonly<Record<Severity, string>> = {
  P0: t('Critical'),
  P1: t('High'),
  P2: t('Medium'),
  P3: t('Low'),
  P4: t('Trivial'),
};

export const roleNames: Readonly<Record<Role, string>> = {
  commander: t('Commander'),
  communications: t('Communications'),
  operations: t('Operations'),
  scribe: t('Scribe'),
};

export const clockNames: Readonly<Record<ClockKind, string>> = {
  acknowledge: t('Acknowledge'),
  update: t('Update'),
  mitigate: t('Mitigate'),
  resolve: t('Resolve'),
  draft: t('RCA draft'),
  rca: t('RCA'),
};

export const criterionTexts: Readonly<Record<Criterion, { title: string; detail: string }>> = {
  'production-down': { title: t('Production Down'), detail: t('Complete system or major service unavailable') },
  'data-loss': { title: t('Data Loss'), detail: t('Actual or imminent data corruption/loss') },
  'security-breach': {
    title: t('Security Breach'),
    detail: t('Active exploitation or vulnerability. Keeps the incident private'),
  },
  'revenue-impact': {
    title: t('Revenue Impact'),
    detail: t('>$10K/hour or critical business transaction failure'),
  },
  'user-impact': { title: t('User Impact'), detail: t('>50% of users affected with no workaround') },
};
