import type { Whereabouts } from './warRoom/whereItWent.ts';

/**
 * What only people can do about a secret that was in a file: markdown, for a terminal and an editor alike.
 * @param path the purged file, relative to the root
 * @param alsoIn files that hold the same words
 * @param sent where the words went outside
 */
export function purgeAdvice(path: string, alsoIn: readonly string[], sent: readonly Whereabouts[] = []): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  // The folder may have had another name, and the root need not be the top of the repository.
  const glob = quoted(`*timeline/${name}`);
  const file = quoted(path);
  return `# What is left to do

The words are out of \`${path}\`, of this clone's journal and, with the next sync, of the comment on GitHub.
${
  alsoIn.length === 0
    ? ''
    : `
**The same words still stand in** ${alsoIn.map((other) => `\`${other}\``).join(', ')}. Purge those events, or edit those files, too.
`
}
${sent.length === 0 ? '' : `${sent.map((where) => `**${placeOf(where)}**\n`).join('\n')}\n`}1. **Rotate the secret now.** Whoever has cloned or fetched has it, and so has everybody who read the issue. Nothing below undoes that.
2. **On GitHub**, an edited comment keeps its earlier versions: open the comment, click *edited*, choose each earlier version,
   and *Delete revision from history*. Notification e-mails can't be taken back.
3. **Share the purge**, so that every clone forgets: commit, push, and let everybody pull.

   \`\`\`sh
   git add -A -- ${file} .firebreak
   git commit -m "Purge a secret" && git push
   \`\`\`
4. **Rewrite history**, if the secret can't be rotated. Everybody pushes first, and clones anew afterwards. In a fresh clone, with
   [git-filter-repo](https://github.com/newren/git-filter-repo):

   \`\`\`sh
   cp ${file} /tmp/purged.md
   git filter-repo --invert-paths --path-glob ${glob}
   mkdir -p ${quoted(path.slice(0, path.lastIndexOf('/')))} && mv /tmp/purged.md ${file}
   git add -- ${file} && git commit -m "Purge a secret"
   git remote add origin <address>
   git push --force --all && git push --force --tags
   \`\`\`

   Forks and pull requests keep what they have: GitHub Support removes it from theirs. In a clone that stays,
   \`git reflog expire --expire=now --all && git gc --prune=now\`.
`;
}

function placeOf(where: Whereabouts): string {
  switch (where.place) {
    case 'slack':
      return 'In Slack the war room takes them out of its message when it sends next (an editor that has the room open, or `firebreak war-room`).';
    case 'silent':
      return 'They were sent to Slack, and nothing of a private or excluded incident is sent any more: delete the message there.';
    case 'webhook':
      return 'They were sent to the webhook, and can not be taken back there: delete them where it leads.';
    case 'pagerduty':
      return 'They were sent to PagerDuty, and can not be taken back there: redact the alert.';
    case 'chat':
      return 'Somebody wrote them in Slack, where they still stand: delete that message there.';
    case 'customers':
      return `They were sent to customers through ${where.through}, and can not be taken back there.`;
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
