/**
 * Watches what lies directly in a folder, for as long as that folder is there.
 * @param folder relative to the root
 * @param changed is told the name of what came, went or changed; undefined when the system does not say
 * @param ended is told when the folder went, or can't be watched any longer
 * @returns undefined when there is no such folder, or it can't be watched
 */
export type WatchFolder = (
  folder: string,
  changed: (name: string | undefined) => void,
  ended: () => void,
) => { dispose(): void } | undefined;
