import type { FakeGitHub } from './fakeGitHub.ts';
import type { Repository } from './repository.ts';
import { WebPerson } from './webPerson.ts';

const HOUR_MS = 3_600_000;

export interface DemoSeed {
  /** `owner/name`. */
  repository: string;
  /** Who the tokens belong to; may push. */
  login: string;
  tokens: readonly string[];
}

/**
 * A small private repository that has been lived in for three days: a team, a few labels, issues and comments by other
 * people and a pull request. None of its issues comes from Firebreak, so a first sync has something to bring in.
 */
export function seedDemo(gitHub: FakeGitHub, seed: DemoSeed): Repository {
  const { state } = gitHub;
  const began = state.now() - 72 * HOUR_MS;
  const after = <T>(hours: number, action: () => T): T => state.at(new Date(began + hours * HOUR_MS), action);

  return after(0, () => {
    for (const token of seed.tokens) state.addToken(token, seed.login);
    state.user('maria-santos', { name: 'Maria Santos' });
    state.user('jonas-weber', { name: 'Jonas Weber' });
    state.user('support-lena', { name: 'Lena Fischer' });
    const repository = state.addRepository(seed.repository, {
      private: true,
      description: 'The web shop: storefront, checkout and payment service',
      permissions: { [seed.login]: 'write', 'maria-santos': 'admin', 'jonas-weber': 'write', 'support-lena': 'read' },
    });
    repository.createLabel('severity: P1', 'd93f0b', 'High: same day');
    repository.createLabel('severity: P2', 'fbca04', 'Medium: next sprint');
    repository.createLabel('type: bug', 'd73a4a', null);
    repository.createLabel('checkout', '1d76db', 'The checkout service');

    const maria = new WebPerson(state, repository, 'maria-santos');
    const jonas = new WebPerson(state, repository, 'jonas-weber');
    const lena = new WebPerson(state, repository, 'support-lena');

    const discount = after(3, () =>
      lena.openIssue({
        title: 'Discount codes are rejected after midnight UTC',
        body: 'Three customers in Portugal report that codes stop working at 00:00 UTC, although they are valid until the end of the day **in their own time zone**.\n\nSteps:\n1. Put anything into the cart\n2. Enter `SUMMER25` after 00:00 UTC\n3. See “This code has expired”',
      }),
    );
    after(4, () => maria.addLabels(discount.number, 'type: bug', 'severity: P2', 'checkout'));
    after(5, () => maria.comment(discount.number, 'Confirmed. `expiresAt` is compared without the shop’s time zone.'));

    const pullRequest = after(20, () =>
      jonas.openIssue({
        title: 'Compare discount expiry in the time zone of the shop',
        body: `Fixes #${discount.number}.`,
        labels: ['checkout'],
        pullRequest: {},
      }),
    );
    after(22, () => maria.comment(pullRequest.number, 'Could you add a case for the day the clocks change?'));

    const search = after(30, () =>
      jonas.openIssue({
        title: 'Search suggestions show deleted products',
        body: 'The index is rebuilt nightly, deletions only reach it then.',
        labels: ['bug'],
      }),
    );
    after(52, () => jonas.comment(search.number, 'Deletions are now sent to the index at once.'));
    after(52, () => jonas.close(search.number));

    after(60, () =>
      lena.openIssue({
        title: 'Receipts by e-mail arrive up to an hour late',
        body: 'Support gets about ten questions a day about this. No pattern by provider so far.',
      }),
    );
    return repository;
  });
}
