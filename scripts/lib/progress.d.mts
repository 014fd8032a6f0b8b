export function secondsSince(start: number): string;
export function step<T>(name: string, work: () => T | Promise<T>, say?: (line: string) => void): Promise<T>;
