// Makes the demo workspace: a small git repository that a team has lived in.
//   node demo/make.mjs FOLDER     makes FOLDER/shop, with its origin in FOLDER/origin.git
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { backlog } from './backlog.mjs';
import { daysBefore, instant } from './dates.mjs';
import { incident, incidentId, rca } from './incident.mjs';
import { people } from './people.mjs';
import { sprint } from './sprint.mjs';

const templates = path.join(path.dirname(fileURLToPath(import.meta.url)), 'files');
const { maria, jonas, lena } = people;

/** The file that tells a demo's folder from one of somebody's own. */
export const demoMark = '.firebreak-demo';

/**
 * Makes the workspace in `folder`, which must not hold one yet. `now` (epoch milliseconds) is what its dates count back
 * from. Everything is committed on branch main and pushed to a bare repository beside it, so that sharing has somewhere
 * to go.
 * @returns the paths of the work tree and of its origin
 */
export function makeDemo(folder, { now = Date.now() } = {}) {
  const shop = path.join(folder, 'shop');
  const origin = path.join(folder, 'origin.git');
  if (existsSync(shop)) throw new Error(`${shop} is there already.`);
  // Made under another name first: what was interrupted is not taken for a workspace.
  const making = path.join(folder, 'shop.making');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, demoMark), 'A demo of Firebreak. Everything in this folder can be deleted.\n');
  rmSync(making, { recursive: true, force: true });
  rmSync(origin, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  git(making, ['init', '--quiet', '--initial-branch=main']);
  for (const { at, by, message, add } of history(now).sort((a, b) => a.at - b.at)) {
    add(making);
    git(making, ['add', '--all']);
    commit(making, by, at, message);
  }
  git(folder, ['init', '--quiet', '--bare', '--initial-branch=main', origin]);
  git(making, ['remote', 'add', 'origin', origin]);
  git(making, ['push', '--quiet', '--set-upstream', 'origin', 'main']);
  renameSync(making, shop);
  return { shop, origin };
}

/** What was committed when, and by whom. */
function history(now) {
  const past = incident(now);
  const items = backlog(now, incidentId(now));
  const idOf = (name) => items.find((item) => item.name === name)?.id ?? '';
  const week = sprint(now, items);
  const copy =
    (...names) =>
    (root) => {
      for (const name of names) cpSync(path.join(templates, name), path.join(root, name), { recursive: true });
    };
  return [
    {
      at: daysBefore(now, 60, '09:00'),
      by: maria,
      message: 'Shop: storefront, checkout and payments',
      add: copy('README.md', 'Makefile', 'ops', 'services', '.gitignore'),
    },
    {
      at: daysBefore(now, 45, '14:30'),
      by: jonas,
      message: 'Runbooks, and who to call',
      add: copy('runbooks', 'incident-policy.yml'),
    },
    ...items.map((item) => ({
      at: item.made,
      by: item.by,
      message: `Backlog: ${item.title}`,
      add: (root) => write(root, { [item.file]: item.text }),
    })),
    {
      at: past.dayDone,
      by: lena,
      message: `${past.id}: the day`,
      add: (root) => write(root, past.files.day),
    },
    {
      at: past.reviewed,
      by: maria,
      message: `${past.id}: RCA reviewed, closed`,
      add: (root) => write(root, { ...past.files.review, [`incidents/${past.id}/rca.md`]: rca(now, past.id, idOf) }),
    },
    {
      at: Math.min(week.begin + 9 * 3_600_000, now - 1_800_000),
      by: maria,
      message: 'This week’s sprint',
      add: (root) => write(root, { [week.file]: week.text }),
    },
  ];
}

function write(root, files) {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, ...name.split('/'));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

function commit(root, { name, email }, at, message) {
  const date = instant(at);
  const who = (role) => ({ [`GIT_${role}_NAME`]: name, [`GIT_${role}_EMAIL`]: email, [`GIT_${role}_DATE`]: date });
  git(root, ['commit', '--quiet', `--message=${message}`], { ...who('AUTHOR'), ...who('COMMITTER') });
}

/** Runs git without the configuration of whoever makes the demo: no hooks, templates or signatures of theirs. */
function git(folder, args, extra = {}) {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1', ...extra };
  for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE']) delete env[name];
  execFileSync('git', args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { shop, origin } = makeDemo(path.resolve(process.argv[2] ?? 'demo-workspace'));
  process.stdout.write(`${shop}\norigin: ${origin}\n`);
}
