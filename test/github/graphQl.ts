import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { ApiRequest, JsonObject, JsonValue } from './api.ts';
import { isRecord } from './bodyFields.ts';
import { nodeId } from './present.ts';
import type { IssueRecord } from './records.ts';
import type { Repository } from './repository.ts';

const load = createRequire(import.meta.url);
let known: GraphQLSchema | undefined;
const documents = new Map<string, DocumentNode | JsonObject>();

/**
 * Answers a query by graphql-js over the schema that GitHub publishes, from the same state as the REST API: what the
 * schema does not know is refused as there. Only what is resolved below has values; the rest is `null` or an error.
 */
export function answerQuery(request: ApiRequest): JsonObject {
  const { execute } = load('graphql') as typeof import('graphql');
  const { query, variables } = isRecord(request.body) ? request.body : {};
  const document = read(typeof query === 'string' ? query : '');
  if (!('kind' in document)) return document;
  const result = execute({
    schema: schema(),
    document: document as DocumentNode,
    rootValue: rootOf(request),
    variableValues: isRecord(variables) ? variables : {},
  });
  if ('then' in result) throw new Error('A resolver is asynchronous');
  return JSON.parse(JSON.stringify(result)) as JsonObject;
}

/** A document is read and held against the schema once. */
function read(query: string): DocumentNode | JsonObject {
  const before = documents.get(query);
  if (before) return before;
  const { parse, validate } = load('graphql') as typeof import('graphql');
  let document: DocumentNode | JsonObject;
  try {
    document = parse(query);
    const [error] = validate(schema(), document);
    if (error) document = refusal(error.message);
  } catch (error) {
    document = refusal(error instanceof Error ? error.message : String(error));
  }
  documents.set(query, document);
  return document;
}

/**
 * For what GitHub would refuse the body of a request as a whole: a document that its schema does not allow, or variables
 * that the document does not. What it answers with an error for one part is no such thing.
 */
export function refusedFor(body: unknown): string | undefined {
  const { getVariableValues } = load('graphql') as typeof import('graphql');
  const { query, variables } = isRecord(body) ? body : {};
  const document = read(typeof query === 'string' ? query : '');
  if (!('kind' in document)) return JSON.stringify(document.errors);
  for (const definition of (document as DocumentNode).definitions) {
    if (definition.kind !== 'OperationDefinition') continue;
    const known = definition.variableDefinitions ?? [];
    const { errors } = getVariableValues(schema(), known, isRecord(variables) ? variables : {});
    if (errors) return errors.map(({ message }) => message).join('; ');
    const names = known.map(({ variable }) => variable.name.value);
    const unknown = Object.keys(isRecord(variables) ? variables : {}).filter((name) => !names.includes(name));
    if (unknown.length > 0) return `variables that the query does not name: ${unknown.join(', ')}`;
  }
  return undefined;
}

function refusal(message: string): JsonObject {
  return { errors: [{ message }] };
}

function schema(): GraphQLSchema {
  const { buildSchema } = load('graphql') as typeof import('graphql');
  // The package names its files to `import` alone, which can't wait here.
  const file = new URL('../../node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url);
  // It uses what the specification's own validator does not allow.
  known ??= buildSchema(readFileSync(file, 'utf8'), { assumeValidSDL: true });
  return known;
}

/** Whether a request's body is a mutation: a query changes nothing, whatever its method. */
export function isMutation(body: unknown): boolean {
  return isRecord(body) && typeof body.query === 'string' && /^\s*mutation\b/.test(body.query);
}

interface RemoveLabels {
  input: { labelableId: string; labelIds: string[] };
}

interface RemoveAssignees {
  input: { assignableId: string; assigneeIds: string[] };
}

function rootOf(request: ApiRequest) {
  const { state, viewer } = request;
  return {
    viewer: () => ({ login: viewer?.login }),
    removeLabelsFromLabelable({ input }: RemoveLabels) {
      const { repository, issue, actor } = issueToChange(request, input.labelableId);
      const removed = input.labelIds.map((id) => {
        const label = [...repository.labels.values()].find((candidate) => nodeId('Label', candidate.id) === id);
        return label ?? unresolved(id);
      });
      const labels = repository.labelsOf(issue).filter((label) => !removed.includes(label));
      repository.editIssue(actor, issue, { labels });
      return { labelable: { __typename: 'Issue', userContentEdits: editsOf(repository, issue) } };
    },
    removeAssigneesFromAssignable({ input }: RemoveAssignees) {
      const { repository, issue, actor } = issueToChange(request, input.assignableId);
      const removed = input.assigneeIds.map((id) => {
        const user = [...state.users.values()].find((candidate) => nodeId(candidate.type, candidate.id) === id);
        return user?.id ?? unresolved(id);
      });
      const left = issue.assigneeIds.filter((id) => !removed.includes(id));
      repository.editIssue(actor, issue, { assignees: left.flatMap((id) => state.users.get(id) ?? []) });
      return { assignable: { __typename: 'Issue', userContentEdits: editsOf(repository, issue) } };
    },
    repository({ owner, name }: { owner: string; name: string }) {
      const repository = state.findRepository(`${owner}/${name}`);
      if (!repository || repository.permissionOf(viewer) === 'none') return null;
      return {
        issue({ number }: { number: number }) {
          const issue = repository.issues.get(number);
          if (!issue) return null;
          return { userContentEdits: editsOf(repository, issue) };
        },
      };
    },
  };

  function editsOf(repository: Repository, issue: IssueRecord) {
    return ({ first }: { first: number | null }) => ({
      nodes: repository
        .bodyEditsOf(issue)
        .slice(0, first ?? 100)
        .map(editOf),
    });
  }

  function editOf(edit: { text: string; editorId: number; at: string }): Record<string, JsonValue> {
    const login = state.users.get(edit.editorId)?.login;
    const editor = login === undefined ? null : { __typename: 'User', login };
    return { diff: edit.text, editedAt: edit.at, editor };
  }
}

/** The issue that a global id stands for, and who may change it. @throws as GitHub words it */
function issueToChange({ state, viewer }: ApiRequest, id: string) {
  for (const repository of state.repositories.values()) {
    const issue = [...repository.issues.values()].find((candidate) => nodeId('Issue', candidate.id) === id);
    if (!issue || repository.permissionOf(viewer) === 'none') continue;
    if (!viewer || repository.archived || !repository.canPush(viewer)) {
      throw new Error(`${viewer?.login} does not have the correct permissions to execute this mutation`);
    }
    return { repository, issue, actor: viewer };
  }
  return unresolved(id);
}

function unresolved(id: string): never {
  throw new Error(`Could not resolve to a node with the global id of '${id}'`);
}
