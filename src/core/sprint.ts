/** Whether a text names a sprint: one ISO week, `2025-W39`. */
export function isSprint(text: string): boolean {
  return /^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$/.test(text);
}
