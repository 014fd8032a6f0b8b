export function ensureAlertmanager(options?: { say?: (line: string) => void }): Promise<string>;
