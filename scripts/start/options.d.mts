export interface StartOptions {
  folder: string;
  fresh: boolean;
  host: 'desktop' | 'server' | undefined;
  port: number | undefined;
  open: boolean;
  help: boolean;
}
export const startUsage: string;
export function readStartOptions(args: string[], root: string): StartOptions;
