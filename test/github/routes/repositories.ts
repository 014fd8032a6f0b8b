import type { ApiAnswer, RepositoryRequest, RepositoryRoute } from '../api.ts';
import { forbidden, notFound } from '../apiError.ts';
import { Presenter } from '../present.ts';

export const repositoryRoutes: RepositoryRoute[] = [
  {
    scope: 'repository',
    method: 'GET',
    template: '/repos/{owner}/{repo}',
    docs: 'repos/repos#get-a-repository',
    handle: getRepository,
  },
  {
    scope: 'repository',
    method: 'GET',
    template: '/repos/{owner}/{repo}/collaborators/{username}/permission',
    docs: 'collaborators/collaborators#get-repository-permissions-for-a-user',
    handle: getPermission,
  },
];

function getRepository(request: RepositoryRequest): ApiAnswer {
  const presenter = new Presenter(request.state, request.urls, request.behaviour.subIssues);
  return {
    status: 200,
    body: presenter.repository(request.repository, request.viewer),
    lastModified: request.repository.createdAt,
  };
}

function getPermission(request: RepositoryRequest): ApiAnswer {
  const { repository, state } = request;
  if (!repository.canPush(request.viewer)) {
    throw forbidden('Must have push access to view collaborator permission.');
  }
  const user = state.findUser(request.params.username ?? '');
  if (!user) throw notFound(`${request.params.username} is not a user`);
  const permission = repository.permissionOf(user);
  const push = repository.canPush(user);
  const presenter = new Presenter(state, request.urls, request.behaviour.subIssues);
  return {
    status: 200,
    body: {
      permission,
      role_name: permission,
      user: {
        ...presenter.user(user),
        permissions: {
          admin: permission === 'admin',
          maintain: permission === 'admin',
          push,
          triage: push,
          pull: permission !== 'none',
        },
        role_name: permission,
      },
    },
  };
}
