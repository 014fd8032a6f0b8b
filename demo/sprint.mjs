// The sprint of the current week.
import { day, monday, week } from './dates.mjs';
import { document } from './document.mjs';

/** The file of this week's sprint, with what is in it. `begin` is when it was planned. */
export function sprint(now, items) {
  const begin = monday(now);
  const name = week(now);
  const mine = items.filter((item) => item.thisSprint);
  const line = (item) => `- [ ] [${item.id}](../${item.file}) ${item.title} (${item.owner?.handle ?? 'nobody yet'})`;
  return {
    begin,
    file: `sprints/${name}.md`,
    text: document(
      { title: `Sprint ${name}`, type: 'sprint', date: day(begin), tags: ['sprint'] },
      `# Sprint ${name}

**Goal**: what the last incident taught us is done, and nobody is charged twice.

## Planned
${mine.map(line).join('\n')}

## Reactive capacity
20% is kept free for P1s, as the guide says. A P0 interrupts everything above.
`,
    ),
  };
}
