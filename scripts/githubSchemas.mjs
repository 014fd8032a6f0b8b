// Regenerates test/github/schemas/<spec>.json, the judge of the fake GitHub: the issue-related paths of GitHub's own
// OpenAPI description, as plain JSON Schema. The package that carries the description weighs 385 MB, so it is installed
// into a temporary folder, read once and deleted; it is never a dependency.
//
//   node scripts/githubSchemas.mjs                        api.github.com
//   node scripts/githubSchemas.mjs ghes-3.19              another description of the same package
//   node scripts/githubSchemas.mjs --from <folder>        read an @octokit/openapi that is already unpacked there
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { withNpmPackage } from './lib/npmPackage.mjs';

const PACKAGE = '@octokit/openapi';
const VERSION = '23.0.2';
const OUTPUT_FOLDER = path.join(import.meta.dirname, '..', 'test', 'github', 'schemas');

const ISSUE = '/repos/{owner}/{repo}/issues/{issue_number}';

/** What the fake serves; a path that a description lacks (GHES has no sub-issues) is left out and reported. */
const PATHS = [
  '/',
  '/rate_limit',
  '/user',
  '/users/{username}',
  '/repos/{owner}/{repo}',
  '/repos/{owner}/{repo}/assignees',
  '/repos/{owner}/{repo}/assignees/{assignee}',
  '/repos/{owner}/{repo}/collaborators/{username}/permission',
  '/repos/{owner}/{repo}/issues',
  '/repos/{owner}/{repo}/issues/comments',
  '/repos/{owner}/{repo}/issues/comments/{comment_id}',
  '/repos/{owner}/{repo}/issues/events',
  '/repos/{owner}/{repo}/issues/events/{event_id}',
  ISSUE,
  `${ISSUE}/assignees`,
  `${ISSUE}/assignees/{assignee}`,
  `${ISSUE}/comments`,
  `${ISSUE}/events`,
  `${ISSUE}/labels`,
  `${ISSUE}/labels/{name}`,
  `${ISSUE}/lock`,
  `${ISSUE}/parent`,
  `${ISSUE}/sub_issue`,
  `${ISSUE}/sub_issues`,
  `${ISSUE}/timeline`,
  '/repos/{owner}/{repo}/labels',
  '/repos/{owner}/{repo}/labels/{name}',
  '/repos/{owner}/{repo}/milestones',
  '/repos/{owner}/{repo}/milestones/{milestone_number}',
];

/** Operations of those paths that nothing here serves and whose schemas would only add weight. */
const LEFT_OUT = new Set(['PATCH /user', 'PATCH /repos/{owner}/{repo}', 'DELETE /repos/{owner}/{repo}']);

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** Keywords of OpenAPI that say nothing about validity. */
const NOISE = new Set(['description', 'example', 'examples', 'title', 'externalDocs', 'discriminator', 'deprecated']);

async function main() {
  const { values, positionals } = parseArgs({ options: { from: { type: 'string' } }, allowPositionals: true });
  const spec = positionals[0] ?? 'api.github.com';
  const description = values.from
    ? await readDescription(values.from, spec)
    : await withNpmPackage(PACKAGE, VERSION, (folder) => readDescription(folder, spec));
  const extract = extractIssuePaths(spec, description);
  await mkdir(OUTPUT_FOLDER, { recursive: true });
  const file = path.join(OUTPUT_FOLDER, `${spec}.json`);
  const text = printByLine(extract);
  await writeFile(file, text);
  const operations = Object.keys(extract.operations).length;
  const schemas = Object.keys(extract.schemas).length;
  console.log(
    `${path.relative(process.cwd(), file)}: ${operations} operations, ${schemas} schemas, ${text.length} bytes`,
  );
}

async function readDescription(packageFolder, spec) {
  const manifest = JSON.parse(await readFile(path.join(packageFolder, 'package.json'), 'utf8'));
  if (manifest.name !== PACKAGE || manifest.version !== VERSION) {
    throw new Error(`${packageFolder} holds ${manifest.name}@${manifest.version}, expected ${PACKAGE}@${VERSION}`);
  }
  return JSON.parse(await readFile(path.join(packageFolder, 'generated', `${spec}.json`), 'utf8'));
}

function extractIssuePaths(spec, description) {
  if (!description.openapi.startsWith('3.0.')) {
    // 3.1 replaces `nullable` by type arrays: the conversion below would have to be looked at again.
    throw new Error(`Expected OpenAPI 3.0, found ${description.openapi}`);
  }
  const operations = {};
  for (const template of PATHS) {
    const item = description.paths[template];
    if (!item) {
      console.warn(`${spec} does not describe ${template}`);
      continue;
    }
    for (const method of METHODS) {
      const key = `${method.toUpperCase()} ${template}`;
      if (item[method] && !LEFT_OUT.has(key)) operations[key] = extractOperation(description, item[method]);
    }
  }
  mendKnownDefects(operations);
  const schemas = {};
  // What a status that an operation does not describe (401, 429, 502, …) must look like.
  collectSchemas(description, { $ref: reference('basic-error') }, schemas);
  collectSchemas(description, { $ref: reference('validation-error') }, schemas);
  collectSchemas(description, operations, schemas);
  return {
    spec,
    package: `${PACKAGE}@${VERSION}`,
    operations,
    schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function extractOperation(description, operation) {
  const extracted = {};
  const parameters = (operation.parameters ?? []).map((parameter) => resolve(description, parameter));
  const query = parameters.filter((parameter) => parameter.in === 'query');
  if (query.length > 0) {
    extracted.query = Object.fromEntries(query.map((parameter) => [parameter.name, toJsonSchema(parameter.schema)]));
  }
  const body = operation.requestBody && resolve(description, operation.requestBody);
  const bodySchema = body?.content?.['application/json']?.schema;
  if (bodySchema) extracted.body = { required: body.required === true, schema: toJsonSchema(bodySchema) };
  extracted.responses = {};
  for (const [status, response] of Object.entries(operation.responses)) {
    const schema = resolve(description, response).content?.['application/json']?.schema;
    extracted.responses[status] = schema ? toJsonSchema(schema) : null;
  }
  return extracted;
}

/**
 * Places where the description contradicts its own prose. Each mend insists on finding the defect, so that a new version
 * of the package can't keep a mend alive that it no longer needs.
 */
function mendKnownDefects(operations) {
  for (const [key, extracted] of Object.entries(operations)) {
    if (!key.endsWith(`${ISSUE}/labels`) || !extracted.body) continue;
    // "You can pass an empty array to remove all labels", and "a single label as a string or an array of labels
    // directly": the schema wants an object with at least one label, and `{}` matches both branches of its `oneOf`.
    const branches = extracted.body.schema.oneOf;
    if (!branches?.every((branch) => branch.properties.labels.minItems === 1)) {
      throw new Error(`${key}: the label schema has changed, look at its mend again`);
    }
    for (const branch of branches) delete branch.properties.labels.minItems;
    extracted.body.schema = { anyOf: branches };
  }
}

function resolve(description, node) {
  if (!node.$ref) return node;
  return node.$ref
    .slice('#/'.length)
    .split('/')
    .reduce((value, part) => value[part], description);
}

function reference(name) {
  return `#/definitions/${name}`;
}

/** Copies every schema that `node` refers to, directly or through others, into `found`. */
function collectSchemas(description, node, found) {
  if (Array.isArray(node)) {
    for (const element of node) collectSchemas(description, element, found);
    return;
  }
  if (!node || typeof node !== 'object') return;
  if (typeof node.$ref === 'string') {
    const name = node.$ref.slice(reference('').length);
    if (!found[name]) {
      found[name] = toJsonSchema(description.components.schemas[name]);
      collectSchemas(description, found[name], found);
    }
    return;
  }
  for (const value of Object.values(node)) collectSchemas(description, value, found);
}

/** OpenAPI 3.0 to JSON Schema: `nullable` becomes a type, references point at `definitions`, prose goes. */
function toJsonSchema(schema) {
  if (schema.$ref) return { $ref: schema.$ref.replace('#/components/schemas/', reference('')) };
  const converted = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'nullable' || keyword.startsWith('x-') || NOISE.has(keyword)) continue;
    converted[keyword] = convertKeyword(keyword, value);
  }
  if (schema.nullable !== true) return converted;
  if (typeof converted.type === 'string') {
    converted.type = [converted.type, 'null'];
    if (converted.enum && !converted.enum.includes(null)) converted.enum = [...converted.enum, null];
    // `type: object, nullable` with branches below it: the branches would refuse the null that the type allows.
    if (!converted.oneOf && !converted.anyOf && !converted.allOf) return converted;
  }
  return { anyOf: [converted, { type: 'null' }] };
}

function convertKeyword(keyword, value) {
  switch (keyword) {
    case 'properties':
      return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, toJsonSchema(schema)]));
    case 'oneOf':
    case 'anyOf':
    case 'allOf':
      return value.map(toJsonSchema);
    case 'items':
    case 'not':
      return toJsonSchema(value);
    case 'additionalProperties':
      return typeof value === 'object' ? toJsonSchema(value) : value;
    default:
      return value;
  }
}

/** One line for each operation and schema: small, and still a readable diff when GitHub changes something. */
function printByLine({ operations, schemas, ...head }) {
  const lines = (entries) =>
    Object.entries(entries)
      .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(',\n');
  const headLines = Object.entries(head).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`,
  );
  return `{\n${headLines.join('')}  "operations": {\n${lines(operations)}\n  },\n  "schemas": {\n${lines(schemas)}\n  }\n}\n`;
}

await main();
