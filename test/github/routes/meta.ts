import type { ApiAnswer, ApiRequest, GlobalRoute, JsonObject } from '../api.ts';
import { ApiError, notFound } from '../apiError.ts';
import { answerQuery } from '../graphQl.ts';
import { Presenter } from '../present.ts';

/** The index of the API, as GitHub's root answers it. */
const ROOT: [field: string, template: string][] = [
  ['current_user_url', '/user'],
  ['current_user_authorizations_html_url', '/settings/connections/applications{/client_id}'],
  ['authorizations_url', '/authorizations'],
  ['code_search_url', '/search/code?q={query}{&page,per_page,sort,order}'],
  ['commit_search_url', '/search/commits?q={query}{&page,per_page,sort,order}'],
  ['emails_url', '/user/emails'],
  ['emojis_url', '/emojis'],
  ['events_url', '/events'],
  ['feeds_url', '/feeds'],
  ['followers_url', '/user/followers'],
  ['following_url', '/user/following{/target}'],
  ['gists_url', '/gists{/gist_id}'],
  ['issue_search_url', '/search/issues?q={query}{&page,per_page,sort,order}'],
  ['issues_url', '/issues'],
  ['keys_url', '/user/keys'],
  ['label_search_url', '/search/labels?q={query}&repository_id={repository_id}{&page,per_page}'],
  ['notifications_url', '/notifications'],
  ['organization_url', '/orgs/{org}'],
  ['organization_repositories_url', '/orgs/{org}/repos{?type,page,per_page,sort}'],
  ['organization_teams_url', '/orgs/{org}/teams'],
  ['public_gists_url', '/gists/public'],
  ['rate_limit_url', '/rate_limit'],
  ['repository_url', '/repos/{owner}/{repo}'],
  ['repository_search_url', '/search/repositories?q={query}{&page,per_page,sort,order}'],
  ['current_user_repositories_url', '/user/repos{?type,page,per_page,sort}'],
  ['starred_url', '/user/starred{/owner}{/repo}'],
  ['starred_gists_url', '/gists/starred'],
  ['user_url', '/users/{user}'],
  ['user_organizations_url', '/user/orgs'],
  ['user_repositories_url', '/users/{user}/repos{?type,page,per_page,sort}'],
  ['user_search_url', '/search/users?q={query}{&page,per_page,sort,order}'],
];

export const metaRoutes: GlobalRoute[] = [
  {
    scope: 'global',
    method: 'GET',
    template: '/',
    docs: 'meta/meta#github-api-root',
    handle: ({ urls }) => ({
      status: 200,
      body: Object.fromEntries(ROOT.map(([field, template]) => [field, `${urls.api}${template}`])),
    }),
  },
  {
    scope: 'global',
    method: 'GET',
    template: '/rate_limit',
    docs: 'rate-limit/rate-limit#get-rate-limit-status-for-the-authenticated-user',
    free: true,
    handle: getRateLimit,
  },
  {
    scope: 'global',
    method: 'GET',
    template: '/user',
    docs: 'users/users#get-the-authenticated-user',
    handle: getViewer,
  },
  {
    scope: 'global',
    method: 'GET',
    template: '/users/{username}',
    docs: 'users/users#get-a-user',
    handle: getUser,
  },
  {
    scope: 'global',
    method: 'POST',
    template: '/graphql',
    docs: 'guides/getting-started-with-graphql',
    handle: answerGraphQl,
  },
];

function getRateLimit({ quota }: ApiRequest): ApiAnswer {
  // What GitHub Enterprise Server answers where limits are off, which they are by default.
  if (!quota) throw notFound('Rate limiting is not enabled.');
  const core: JsonObject = { ...quota };
  return { status: 200, body: { resources: { core, search: core, graphql: core }, rate: core } };
}

function getViewer(request: ApiRequest): ApiAnswer {
  if (!request.viewer) throw new ApiError(401, 'Requires authentication');
  const presenter = new Presenter(request.state, request.urls, request.behaviour.subIssues);
  return { status: 200, body: presenter.profile(request.viewer), lastModified: request.viewer.createdAt };
}

function getUser(request: ApiRequest): ApiAnswer {
  const user = request.state.findUser(request.params.username ?? '');
  if (!user) throw notFound();
  const presenter = new Presenter(request.state, request.urls, request.behaviour.subIssues);
  return { status: 200, body: presenter.profile(user), lastModified: user.createdAt };
}

/** 401 without a token, as GitHub's endpoint gives; all that goes wrong with a query is HTTP 200 with `errors`. */
function answerGraphQl(request: ApiRequest): ApiAnswer {
  if (!request.viewer) throw new ApiError(401, 'This endpoint requires you to be authenticated.');
  return { status: 200, body: answerQuery(request) };
}
