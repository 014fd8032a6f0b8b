/** Makes a guard for a closed set of words. Matching is exact: files are normalised before they get here. */
export function oneOf<const T extends readonly string[]>(words: T): (value: unknown) => value is T[number] {
  const set = new Set<unknown>(words);
  return (value): value is T[number] => set.has(value);
}
