/**
 * Why an operation was refused. User-visible: the message is one sentence that says what to do; the code is what
 * callers and tests compare.
 */
export type ErrorCode =
  | 'notFound'
  | 'ambiguousName'
  | 'invalidInput'
  | 'notAnIncident'
  | 'alreadyIncident'
  | 'alreadyClosed'
  | 'unreadableFile'
  | 'readOnly'
  | 'noFolder'
  | 'untrusted'
  | 'noGit'
  | 'gitBusy'
  | 'gitFailed'
  | 'privateItem'
  | 'excludedItem'
  | 'noRepository'
  | 'noToken'
  | 'unsafeAddress'
  | 'syncBusy'
  | 'noAlertmanager'
  | 'alertsUnreachable'
  | 'alertsRefused'
  | 'alertsUnusable'
  | 'cancelled';

export class FirebreakError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'FirebreakError';
    this.code = code;
  }

  /**
   * Whether an error is Firebreak's own, with one of these codes when any are given. By name, since each bundle (the git
   * and GitHub adapters have one of their own) holds a copy of this class.
   */
  static is(error: unknown, ...codes: ErrorCode[]): error is FirebreakError {
    if (!(error instanceof Error) || error.name !== 'FirebreakError' || !('code' in error)) return false;
    return codes.length === 0 || codes.some((code) => code === error.code);
  }
}
