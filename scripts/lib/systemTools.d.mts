export class ToolMissing extends Error {}
export function ensureTools(
  tools: Readonly<Record<string, string>>,
  purpose: string,
  say?: (line: string) => void,
): Promise<void>;
