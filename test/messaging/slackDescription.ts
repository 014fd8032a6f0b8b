import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

type Schema = Record<string, unknown>;

interface Method {
  /** Which a token needs, as the description has them; `none` for none. */
  readonly scopes: string;
  readonly arguments: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
  readonly answer: Schema;
  readonly error: { readonly properties: { readonly error?: { readonly enum?: readonly string[] } } };
}

interface Extract {
  readonly methods: Readonly<Record<string, Method>>;
  readonly schemas: Readonly<Record<string, Schema>>;
}

/**
 * Arguments that are younger than the description (2022 and later). Their names and types are those of @slack/web-api, which the
 * adapter is compiled against.
 */
const laterArguments: Readonly<Record<string, readonly string[]>> = {
  'chat.postMessage': ['metadata'],
  'chat.update': ['metadata'],
  'conversations.history': ['include_all_metadata'],
};

/** Errors that Slack's reference (docs.slack.dev/reference/methods) has, and its description has not, or not any more. */
const laterErrors: Readonly<Record<string, readonly string[]>> = {
  'conversations.history': ['not_in_channel'],
  'conversations.archive': ['not_in_channel'],
  // "Bot tokens (xoxb-...) cannot currently be used to unarchive conversations": they are not in what is archived.
  'conversations.unarchive': ['not_in_channel'],
  'pins.add': ['not_in_channel', 'is_archived'],
  'pins.list': ['not_in_channel'],
};

/**
 * Fields of answers that the description forgot: a method that takes a cursor gives one, as its reference and the library's types have
 * it.
 */
const forgottenFields: Readonly<Record<string, readonly string[]>> = {
  'conversations.history': ['response_metadata'],
};

/** Errors of every method. */
const errorsAnywhere = [
  'not_authed',
  'invalid_auth',
  'token_revoked',
  'account_inactive',
  'ratelimited',
  'missing_scope',
];

/** What Slack's own description says of its methods (`scripts/slackSchemas.mjs` extracts it), and where a fake or we say otherwise. */
export class SlackDescription {
  static #known: SlackDescription | undefined;
  readonly #extract: Extract;
  readonly #ajv = new Ajv({ strict: false, allErrors: true, allowUnionTypes: true });
  /** Forms hold texts alone: a number or a flag is one as it reads. */
  readonly #forms = new Ajv({ strict: false, allErrors: true, coerceTypes: true });
  readonly #compiled = new Map<string, ValidateFunction>();

  /** Made once for all tests, since compiling costs more than most of them. */
  static get(): SlackDescription {
    SlackDescription.#known ??= new SlackDescription();
    return SlackDescription.#known;
  }

  private constructor() {
    this.#extract = JSON.parse(readFileSync(new URL('./schemas/slack.json', import.meta.url), 'utf8'));
    for (const ajv of [this.#ajv, this.#forms]) {
      addFormats(ajv);
      ajv.addSchema({ $id: 'slack', definitions: this.#extract.schemas });
    }
  }

  /** The methods that are described. */
  get methods(): readonly string[] {
    return Object.keys(this.#extract.methods);
  }

  /** Which a token needs for a method. */
  scopesOf(method: string): readonly string[] {
    const scopes = this.#extract.methods[method]?.scopes ?? '';
    return scopes === 'none' ? [] : scopes.split(/[ ,]+/).filter((scope) => scope !== '');
  }

  /** What is wrong with a request, as Slack describes it. */
  judgeRequest(method: string, given: Readonly<Record<string, string>>): string[] {
    const described = this.#extract.methods[method];
    if (!described) return [`${method} is not described`];
    const later = laterArguments[method] ?? [];
    const unknown = Object.keys(given).filter((name) => !(name in described.arguments) && !later.includes(name));
    const known = Object.fromEntries(Object.entries(given).filter(([name]) => name in described.arguments));
    const schema = { type: 'object', properties: described.arguments, required: described.required };
    return [
      ...unknown.map((name) => `${method} takes no ${name}`),
      ...this.#judge(this.#forms, `${method} request`, schema, known),
    ];
  }

  /** What is wrong with an answer, as Slack describes it. */
  judgeAnswer(method: string, answer: Readonly<Record<string, unknown>>): string[] {
    const described = this.#extract.methods[method];
    if (!described) return [`${method} is not described`];
    if (answer.ok === true)
      return this.#judge(this.#ajv, `${method} answer`, described.answer, withoutLater(method, answer));
    const listed = described.error.properties.error?.enum ?? [];
    const known = [...listed, ...errorsAnywhere, ...(laterErrors[method] ?? [])];
    return known.some((error) => error === answer.error) ? [] : [`${method} fails with no ${String(answer.error)}`];
  }

  #judge(ajv: Ajv, name: string, schema: Schema, value: unknown): string[] {
    const known = this.#compiled.get(name);
    const validate = known ?? ajv.compile(pointed(schema));
    if (!known) this.#compiled.set(name, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${name}${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }
}

/** References of a method's schema lead into the definitions, which are a schema of their own. */
function pointed(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/definitions/', '"slack#/definitions/'));
}

/** An answer without what is younger than the description: messages carry metadata since 2022, as the request has them. */
function withoutLater(method: string, answer: Readonly<Record<string, unknown>>): unknown {
  const forgotten = ['metadata', ...(forgottenFields[method] ?? [])];
  return JSON.parse(JSON.stringify(answer), (key, value) => (forgotten.includes(key) ? undefined : value));
}
