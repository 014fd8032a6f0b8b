import { succeed, type WorkTree } from './workTree.ts';

/** The files of a name in a commit, below the root and relative to it. */
export async function filesNamed(tree: WorkTree, commit: string, name: string): Promise<ReadonlySet<string>> {
  const below = tree.prefix === '' ? [] : [tree.prefix];
  const listed = await succeed(tree.git, ['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit, '--', ...below]);
  const paths = new Set<string>();
  for (const path of listed.stdout.toString('utf8').split('\0')) {
    if (path.endsWith(`/${name}`)) paths.add(path.slice(tree.prefix.length));
  }
  return paths;
}
