import type { Route } from './api.ts';
import { assigneeRoutes } from './routes/assignees.ts';
import { commentRoutes } from './routes/comments.ts';
import { eventRoutes } from './routes/events.ts';
import { issueRoutes } from './routes/issues.ts';
import { labelRoutes } from './routes/labels.ts';
import { metaRoutes } from './routes/meta.ts';
import { milestoneRoutes } from './routes/milestones.ts';
import { repositoryRoutes } from './routes/repositories.ts';
import { subIssueRoutes } from './routes/subIssues.ts';

/** Everything that the fake serves. */
export const ROUTES: readonly Route[] = [
  ...metaRoutes,
  ...repositoryRoutes,
  ...issueRoutes,
  ...commentRoutes,
  ...eventRoutes,
  ...labelRoutes,
  ...assigneeRoutes,
  ...milestoneRoutes,
  ...subIssueRoutes,
];

/** Variables that are numbers: another word in their place belongs to another route (`/issues/comments`). */
const NUMBERS = new Set(['issue_number', 'comment_id', 'event_id', 'milestone_number']);

const PATTERNS = ROUTES.map((route) => ({ route, parts: route.template.split('/') }));

export interface RouteMatch {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** The route of a path (already below the API's base, without the query string), with its decoded variables. */
export function matchRoute(method: string, path: string): RouteMatch | undefined {
  const parts = path.split('/');
  for (const { route, parts: pattern } of PATTERNS) {
    if (route.method !== method || pattern.length !== parts.length) continue;
    const params = matchParts(pattern, parts);
    if (params) return { route, params };
  }
  return undefined;
}

function matchParts(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? '';
    const variable = /^\{(\w+)\}$/.exec(expected)?.[1];
    if (variable === undefined) {
      if (part !== expected) return undefined;
      continue;
    }
    if (NUMBERS.has(variable) && !/^\d+$/.test(part)) return undefined;
    const decoded = decode(part);
    if (decoded === undefined || decoded === '') return undefined;
    params[variable] = decoded;
  }
  return params;
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
