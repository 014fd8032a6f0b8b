import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { isRecord } from './bodyFields.ts';

/** A place where a request or an answer is not what GitHub's own description says. */
export interface Violation {
  readonly kind: 'request' | 'response';
  /** `POST /repos/{owner}/{repo}/issues`. */
  readonly operation: string;
  /** The status, for an answer. */
  readonly status?: number;
  readonly problem: string;
}

type Schema = Record<string, unknown>;

interface Operation {
  query?: Record<string, Schema>;
  body?: { required: boolean; schema: Schema };
  responses: Record<string, Schema | null>;
}

interface Extract {
  operations: Record<string, Operation>;
  schemas: Record<string, Schema>;
}

/** What GitHub sends though its description does not mention it, by operation. */
const UNDESCRIBED_FIELDS: Record<string, readonly string[]> = {
  // Recorded answers carry the reason in every event of these two names; only the timeline's schema has it.
  'GET /repos/{owner}/{repo}/issues/{issue_number}/events': ['state_reason'],
  'GET /repos/{owner}/{repo}/issues/events': ['state_reason'],
  'GET /repos/{owner}/{repo}/issues/events/{event_id}': ['state_reason'],
};

/** GitHub repeats the status in the body of every error; the schema of 422 does not know it. */
const UNDESCRIBED_IN_ERRORS = ['status'];

/** The cursor of GitHub's own `Link` headers, which its description leaves out. */
const UNDESCRIBED_QUERY: Record<string, readonly string[]> = {
  'GET /repos/{owner}/{repo}/issues': ['after'],
};

/** Statuses that any operation may answer with; the description lists them for some only. */
const ERRORS_ANYWHERE = new Set([301, 307, 400, 401, 403, 404, 410, 429, 500, 502, 503]);

/**
 * Judges requests and answers by GitHub's OpenAPI description (`scripts/githubSchemas.mjs` extracts it). Beyond JSON
 * Schema it refuses fields and query parameters that the description does not name: GitHub would ignore such a field of a
 * request without a word, and a client must not come to rely on one of an answer that only this fake sends.
 */
export class SchemaValidator {
  static readonly #known = new Map<string, SchemaValidator>();

  readonly #extract: Extract;
  readonly #ajv: Ajv;
  readonly #compiled = new Map<string, ValidateFunction>();

  /**
   * The judge by the description of that name, made once for all: it holds nothing but compiled schemas, and compiling
   * them anew for every test would cost more than the tests.
   */
  static for(spec = 'api.github.com'): SchemaValidator {
    const known = SchemaValidator.#known.get(spec);
    if (known) return known;
    const made = new SchemaValidator(spec);
    SchemaValidator.#known.set(spec, made);
    return made;
  }

  private constructor(spec: string) {
    const file = new URL(`./schemas/${spec}.json`, import.meta.url);
    this.#extract = JSON.parse(readFileSync(file, 'utf8')) as Extract;
    // The description is valid OpenAPI, not strict JSON Schema: `required` without `properties`, unions of types.
    this.#ajv = new Ajv({ strict: false, allErrors: true, allowUnionTypes: true });
    addFormats(this.#ajv);
    this.#ajv.addFormat('uri-template', true);
    this.#ajv.addSchema({ $id: 'github', definitions: this.#extract.schemas });
  }

  describes(operation: string): boolean {
    return operation in this.#extract.operations;
  }

  operations(): string[] {
    return Object.keys(this.#extract.operations);
  }

  /** Problems of a request's query and JSON body (`undefined` if it had none). */
  checkRequest(operation: string, query: URLSearchParams, body: unknown): Violation[] {
    const described = this.#extract.operations[operation];
    if (!described) return [{ kind: 'request', operation, problem: 'GitHub does not describe this operation' }];
    const problems = [...this.#queryProblems(operation, described, query)];
    if (described.body && body !== undefined) {
      const key = `${operation} body`;
      problems.push(...this.#problems(key, described.body.schema, body));
      problems.push(...this.#unknownFields(described.body.schema, body, []).map((field) => `unknown field ${field}`));
    } else if (described.body?.required) {
      problems.push('the body is missing');
    } else if (!described.body && body !== undefined && !(isRecord(body) && Object.keys(body).length === 0)) {
      problems.push('this operation takes no body');
    }
    return problems.map((problem) => ({ kind: 'request', operation, problem }));
  }

  /** Problems of an answer; `body` is the parsed JSON, `undefined` if it was empty. */
  checkResponse(operation: string, status: number, body: unknown): Violation[] {
    const problems = this.#responseProblems(operation, status, body);
    return problems.map((problem) => ({ kind: 'response', operation, status, problem }));
  }

  *#queryProblems(operation: string, described: Operation, query: URLSearchParams): Generator<string> {
    for (const [name, text] of query) {
      const schema = described.query?.[name];
      if (schema) {
        const value = schema.type === 'integer' && /^-?\d+$/.test(text) ? Number(text) : text;
        for (const problem of this.#problems(`${operation} query ${name}`, schema, value)) {
          yield `query parameter ${name}: ${problem}`;
        }
      } else if (!UNDESCRIBED_QUERY[operation]?.includes(name)) {
        yield `unknown query parameter ${name}`;
      }
    }
  }

  #responseProblems(operation: string, status: number, body: unknown): string[] {
    const described = this.#extract.operations[operation];
    if (!described) return ['GitHub does not describe this operation'];
    if (status === 304) return body === undefined ? [] : ['304 must have no body'];
    const schema = described.responses[String(status)] ?? errorSchema(status);
    if (described.responses[String(status)] === null) {
      return body === undefined ? [] : [`${status} must have no body`];
    }
    if (schema === undefined) return [`status ${status} is not described`];
    const allowed = status >= 300 ? UNDESCRIBED_IN_ERRORS : (UNDESCRIBED_FIELDS[operation] ?? []);
    return [
      ...this.#problems(`${operation} ${status}`, schema, body),
      ...this.#unknownFields(schema, body, allowed).map((field) => `unknown field ${field}`),
    ];
  }

  #problems(key: string, schema: Schema, value: unknown): string[] {
    let validate = this.#compiled.get(key);
    if (!validate) {
      validate = this.#ajv.compile(withAbsoluteReferences(schema));
      this.#compiled.set(key, validate);
    }
    if (value === undefined) return ['the body is missing'];
    return validate(value) ? [] : (validate.errors ?? []).map(describeError);
  }

  /** Paths of fields that no branch of the schema names. */
  #unknownFields(schema: Schema, value: unknown, allowed: readonly string[]): string[] {
    return this.#unknownBelow([schema], value, '', allowed);
  }

  #unknownBelow(schemas: readonly Schema[], value: unknown, path: string, allowed: readonly string[]): string[] {
    const branches = schemas.flatMap((schema) => this.#branches(schema));
    if (Array.isArray(value)) {
      const items = branches.flatMap((branch) => (isRecord(branch.items) ? [branch.items] : []));
      if (items.length === 0) return [];
      return value.flatMap((element, index) => this.#unknownBelow(items, element, `${path}/${index}`, allowed));
    }
    if (!isRecord(value)) return [];
    // An object that no branch says anything about may hold whatever it likes.
    const open = branches.filter((branch) => branch.type === 'object' && !branch.properties);
    const unknown: string[] = [];
    for (const [name, field] of Object.entries(value)) {
      const named = branches.flatMap((branch) => {
        const property = isRecord(branch.properties) ? branch.properties[name] : undefined;
        return isRecord(property) ? [property] : [];
      });
      const others = branches.filter(
        (branch) => branch.additionalProperties === true || isRecord(branch.additionalProperties),
      );
      if (named.length > 0) unknown.push(...this.#unknownBelow(named, field, `${path}/${name}`, allowed));
      else if (open.length === 0 && others.length === 0 && !allowed.includes(name)) unknown.push(`${path}/${name}`);
    }
    return unknown;
  }

  /** The schema itself and everything it is made of, references resolved. */
  #branches(schema: Schema, seen: readonly string[] = []): Schema[] {
    if (typeof schema.$ref === 'string') {
      const name = schema.$ref.slice('#/definitions/'.length);
      const target = this.#extract.schemas[name];
      return target && !seen.includes(name) ? this.#branches(target, [...seen, name]) : [];
    }
    const parts = [schema.oneOf, schema.anyOf, schema.allOf].flatMap((list) => (Array.isArray(list) ? list : []));
    return [schema, ...parts.filter(isRecord).flatMap((part) => this.#branches(part, seen))];
  }
}

/** What an error looks like that an operation does not describe: its own answers to 401, 429, 502, …. */
function errorSchema(status: number): Schema | undefined {
  if (status === 422) return { $ref: '#/definitions/validation-error' };
  return ERRORS_ANYWHERE.has(status) ? { $ref: '#/definitions/basic-error' } : undefined;
}

function withAbsoluteReferences(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/definitions/', '"github#/definitions/')) as Schema;
}

function describeError(error: ErrorObject): string {
  return `${error.instancePath || 'the body'} ${error.message ?? error.keyword}`;
}
