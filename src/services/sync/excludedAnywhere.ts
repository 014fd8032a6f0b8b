/**
 * What is excluded anywhere is excluded: a file of the workspace takes nothing back that the user keeps inside.
 * @param said the lists of several places, as they are written; undefined where nothing is said
 * @returns one list; what is no list, alone, for the use case to refuse
 */
export function excludedAnywhere(...said: readonly unknown[]): unknown {
  const lists = said.filter((list) => list !== undefined && list !== null);
  return lists.find((list) => !Array.isArray(list)) ?? [...new Set(lists.flat())];
}
