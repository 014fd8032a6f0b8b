import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { FakeGitHub } from '../github/fakeGitHub.ts';
import { MovableClock } from '../github/movableClock.ts';
import { testToken } from '../support/testTokens.ts';

/** An answer that the real GitHub gave. */
interface Exchange {
  readonly scenario: string;
  readonly method: string;
  readonly path: string;
  readonly request?: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

const recordings = new URL('../github/recordings/api.github.com.json', import.meta.url);
const { exchanges } = JSON.parse(readFileSync(recordings, 'utf8')) as { exchanges: Exchange[] };

const owner = 'octokit-fixture-org';
const token = testToken('octokit-fixture-user-a');

/** The connection's own, which differ with the server's software and the client. */
const ofTheConnection = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);
/** What GitHub sends since the recordings were made, in 2022. */
const sinceThen = new Set(['x-github-api-version-selected']);

/** Headers whose values differ from answer to answer, by the form that they always have. */
const forms: Readonly<Record<string, RegExp>> = {
  date: /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  'last-modified': /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  // Recorded without compression; a compressed answer's is weak.
  etag: /^(W\/)?"[0-9a-f]{64}"$/,
  'x-github-request-id': /^[0-9A-F]{4}(:[0-9A-F]{4,12}){4}$/,
  'x-ratelimit-remaining': /^\d{1,4}$/,
  'x-ratelimit-used': /^\d{1,4}$/,
  'x-ratelimit-reset': /^\d{10}$/,
  'x-oauth-scopes': /^[a-z_:]+(, [a-z_:]+)*$/,
  'x-accepted-oauth-scopes': /^([a-z_:]+(, [a-z_:]+)*)?$/,
};

/** Requests whose own address the fake does not serve, and the one that is answered in the same way there. */
const likewise: Readonly<Record<string, { readonly path: string; readonly request?: unknown }>> = {
  [`GET /repos/${owner}/branch-protection/branches/main/protection`]: {
    path: `/repos/${owner}/branch-protection/labels/none`,
  },
  [`PATCH /repos/${owner}/rename-repository`]: {
    path: `/repos/${owner}/rename-repository/issues/1`,
    request: { title: 'Renamed' },
  },
};

describe('Fake GitHub: judged by recordings of the real one', () => {
  let gitHub: FakeGitHub;

  before(async () => {
    const clock = new MovableClock('2022-07-19T04:38:00Z');
    gitHub = await FakeGitHub.start({ strict: true, now: clock.now, behaviour: { pagination: 'page' } });
    gitHub.state.addToken(token, 'octokit-fixture-user-a');
    for (const name of [...new Set(exchanges.map(({ scenario }) => scenario)), 'hello-world']) {
      gitHub.state.addRepository(`${owner}/${name}`, { permissions: { 'octokit-fixture-user-a': 'admin' } });
    }
    gitHub.state.renameRepository(`${owner}/rename-repository`, `${owner}/rename-repository-newname`);
  });
  after(() => gitHub.stop());

  /** In the words of the fake: its address, and the repository's id there. */
  function here(scenario: string, text: string): string {
    const name = scenario === 'rename-repository' ? 'rename-repository-newname' : scenario;
    const { id } = gitHub.state.repository(`${owner}/${name}`);
    return text.replaceAll('https://api.github.com', gitHub.url).replace(/\/repositories\/\d+/g, `/repositories/${id}`);
  }

  // In their order: later ones build on what earlier ones made.
  for (const [index, exchange] of exchanges.entries()) {
    const { scenario, method, path, request, status, headers, body } = exchange;
    it(`${index + 1}: ${method} ${path} is answered as it was, by ${status}`, async () => {
      const other = likewise[`${method} ${path}`];
      const sent = other ? other.request : request;
      const answer = await fetch(`${gitHub.url}${other?.path ?? here(scenario, path)}`, {
        method,
        headers: { authorization: `token ${token}`, accept: 'application/vnd.github.v3+json' },
        redirect: 'manual',
        ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
      });
      assert.equal(answer.status, status);

      const names = (all: Iterable<string>) => [...all].filter((name) => !ofTheConnection.has(name)).sort();
      const given = names(answer.headers.keys()).filter((name) => !sinceThen.has(name));
      assert.deepEqual(given, names(Object.keys(headers)), 'the names of headers');
      for (const name of given) {
        const value = answer.headers.get(name) ?? '';
        const recorded = headers[name] ?? '';
        const form = forms[name];
        if (form) {
          assert.match(recorded, form, `recorded ${name}`);
          assert.match(value, form, name);
        } else if (name !== 'location' || !other) assert.equal(value, here(scenario, recorded), name);
      }
      const number = (name: string) => Number(answer.headers.get(`x-ratelimit-${name}`));
      assert.equal(number('limit'), number('used') + number('remaining'));

      if (!body) return;
      const error = (await answer.json()) as Record<string, unknown>;
      // GitHub repeats the status in every error since 2024, and its documentation has moved.
      const { status: _, ...rest } = error;
      assert.deepEqual(Object.keys(rest).sort(), Object.keys(body).sort());
      assert.deepEqual(rest.errors, body.errors);
      assert.match(String(rest.documentation_url), /^https:\/\/docs\.github\.com\//);
      if (!other)
        assert.deepEqual([rest.message, rest.url], [body.message, body.url && here(scenario, String(body.url))]);
    });
  }

  it('says nothing on the way that GitHub’s own description does not know', () => {
    assert.deepEqual(gitHub.violations, []);
    assert.ok(exchanges.length > 30);
  });
});
