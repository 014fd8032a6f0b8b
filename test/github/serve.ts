import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { FakeGitHub } from './fakeGitHub.ts';
import { seedDemo } from './seed.ts';

export interface ServeOptions {
  /** 0 takes a free one. */
  port: number;
  /** `owner/name` of the seeded repository. */
  repository: string;
  /** Who the tokens belong to. */
  login: string;
  tokens: readonly string[];
}

const USAGE = `Usage: serve.ts [--port N] [--repo owner/name] [--token T]... [--login L] [--with-parent]

Serves a GitHub of its own on 127.0.0.1, with a small repository in it, and prints one line of JSON when it is ready.
  --port N         default 0: a free one
  --repo NAME      default acme/shop
  --token T        a token that is valid; may be repeated; default demo-token
  --login L        whose tokens they are; default demo-user
  --with-parent    end when standard input ends, that is, with the process that started this one
`;

/** Who comments and closes through the pages' forms: not the tokens' owner, so that sync has two sides to bring together. */
const PAGE_PERSON = 'maria-santos';

/** Starts the demo's GitHub: a seeded private repository, and pages with forms. */
export async function serveDemo(options: ServeOptions): Promise<FakeGitHub> {
  const gitHub = await FakeGitHub.start({ port: options.port, pagePerson: PAGE_PERSON });
  try {
    seedDemo(gitHub, options);
    return gitHub;
  } catch (error) {
    await gitHub.stop();
    throw error;
  }
}

/** What the one line of JSON says. */
interface ReadyLine {
  /** Base of the API. */
  url: string;
  /** Where a browser sees the repository's issues. */
  htmlUrl: string;
  repository: string;
  login: string;
  tokens: readonly string[];
  pid: number;
}

async function main(args: string[]): Promise<void> {
  let parsed: ReturnType<typeof readArguments>;
  try {
    parsed = readArguments(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  if (parsed.help) {
    process.stdout.write(USAGE);
    return;
  }
  const { options, withParent } = parsed;
  const gitHub = await serveDemo(options);
  const stop = () => {
    process.stdin.destroy();
    gitHub.stop().catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exitCode = 1;
    });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (withParent) process.stdin.once('end', stop).once('close', stop).resume();
  const ready: ReadyLine = {
    url: gitHub.url,
    htmlUrl: `${gitHub.url}/${options.repository}/issues`,
    repository: options.repository,
    login: options.login,
    tokens: options.tokens,
    pid: process.pid,
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}

function readArguments(args: string[]): { options: ServeOptions; withParent: boolean; help: boolean } {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '0' },
      repo: { type: 'string', default: 'acme/shop' },
      token: { type: 'string', multiple: true },
      login: { type: 'string', default: 'demo-user' },
      'with-parent': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`Not a port: ${values.port}`);
  if (!/^[\w.-]+\/[\w.-]+$/.test(values.repo)) throw new Error(`Not owner/name: ${values.repo}`);
  const options = { port, repository: values.repo, login: values.login, tokens: values.token ?? ['demo-token'] };
  return { options, withParent: values['with-parent'], help: values.help };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
