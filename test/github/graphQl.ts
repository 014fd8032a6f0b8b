import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { ApiRequest, JsonObject, JsonValue } from './api.ts';
import { isRecord } from './bodyFields.ts';

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

function rootOf({ state, viewer }: ApiRequest) {
  return {
    viewer: () => ({ login: viewer?.login }),
    repository({ owner, name }: { owner: string; name: string }) {
      const repository = state.findRepository(`${owner}/${name}`);
      if (!repository || repository.permissionOf(viewer) === 'none') return null;
      return {
        issue({ number }: { number: number }) {
          const issue = repository.issues.get(number);
          if (!issue) return null;
          const userContentEdits = ({ first }: { first: number | null }) => ({
            nodes: repository
              .bodyEditsOf(issue)
              .slice(0, first ?? 100)
              .map(editOf),
          });
          return { userContentEdits };
        },
      };
    },
  };

  function editOf(edit: { text: string; editorId: number; at: string }): Record<string, JsonValue> {
    const login = state.users.get(edit.editorId)?.login;
    const editor = login === undefined ? null : { __typename: 'User', login };
    return { diff: edit.text, editedAt: edit.at, editor };
  }
}
