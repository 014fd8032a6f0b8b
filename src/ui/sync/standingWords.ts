import * as vscode from 'vscode';
import type { Reason, Standing, StandingReason } from './standing.ts';
import type { SyncRow } from './syncStanding.ts';

const { t } = vscode.l10n;

/** For the few words that a row has room for. */
const shortWords: Readonly<Record<StandingReason, string>> = {
  offline: t('offline'),
  rateLimited: t('rate limit'),
  paced: t('paced'),
  unauthorized: t('sign in again'),
  ambiguous: t('no answer yet'),
  server: t('GitHub has trouble'),
  gitBusy: t('git is busy'),
  busy: t('syncing elsewhere'),
  notConfirmed: t('public: needs your yes'),
  repository: t('repository not usable'),
  settings: t('check the settings'),
  cancelled: t('cancelled'),
  signIn: t('sign in'),
  notAgreed: t('GitHub: needs your yes'),
  manual: t('by hand'),
};

const icons: Readonly<Partial<Record<StandingReason, string>>> = {
  offline: 'debug-disconnect',
  rateLimited: 'watch',
  paced: 'watch',
  ambiguous: 'watch',
  unauthorized: 'key',
  signIn: 'key',
  repository: 'warning',
  settings: 'warning',
  server: 'warning',
};

/** The row of the view. undefined when everything is in step. */
export function standingRow(standing: Standing): SyncRow | undefined {
  const { steps, problems, syncing } = standing;
  const [reason] = standing.reasons;
  const waits = steps.length > 0;
  if (!reason && problems.length === 0) return undefined;
  // A look that finds nothing is no news: rows must not come and go with each of them.
  if (syncing && waits) {
    return { label: waitingCount(steps.length), description: t('syncing\u2026'), tooltip: '', icon: 'sync~spin' };
  }
  const description = [
    reason && shortReason(reason),
    problems.length > 0 && (problems.length === 1 ? t('1 problem') : t('{0} problems', problems.length)),
  ];
  return {
    label: waits ? waitingCount(steps.length) : t('GitHub'),
    description: description.filter(Boolean).join(' \u00b7 '),
    tooltip: [...standing.reasons.map(longReason), ...problems.map(({ item, message }) => `${item}: ${message}`)].join(
      '\n\n',
    ),
    icon: (reason ? icons[reason.reason] : 'warning') ?? 'sync-ignored',
    color: 'list.warningForeground',
  };
}

export function waitingCount(count: number): string {
  return count === 1 ? t('1 change waits') : t('{0} changes wait', count);
}

/** `rate limit until 14:32` */
function shortReason({ reason, until }: Reason): string {
  const words = shortWords[reason];
  return until === undefined ? words : t('{0} until {1}', words, timeOf(until));
}

/** One or two sentences. */
export function longReason({ message, until }: Reason): string {
  const sentence = message.startsWith('GitHub') ? message : `GitHub: ${message}`;
  return until === undefined ? sentence : `${sentence} ${t('Until {0}.', timeOf(until))}`;
}

function timeOf(until: number): string {
  return new Date(until).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}
