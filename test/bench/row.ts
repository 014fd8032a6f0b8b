/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  /** The limit, or what was measured beside it. */
  readonly beside: string;
  /** In units of what is beside; undefined where that is nothing. */
  readonly ratio: number | undefined;
}

export function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ms`;
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

export function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MB`;
}
