/** The project's folder. */
export const root: string;
export function packageContents(): Promise<{ name: string; bytes: number }[]>;
export function stageExtension(folder: string): Promise<string>;
