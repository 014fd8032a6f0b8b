export function ensureDependencies(root: string, say?: (line: string) => void): Promise<void>;
export function dependenciesInStep(root: string): boolean;
