import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { parse } from 'yaml';
import { policyKeys } from '../../../../src/documents/policy/policyKeys.ts';
import { readPolicy } from '../../../../src/documents/policyDocument.ts';
import { projectFolder } from '../../support/sourceProject.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: boolean | Schema;
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const text = (file: string) => readFileSync(path.join(projectFolder, file), 'utf8');
const schema: Schema = JSON.parse(text('schemas/incident-policy.schema.json'));
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

/** A place in the schema, with its references followed. */
function at(...steps: string[]): Schema {
  let here: Schema | undefined = schema;
  for (const step of steps) {
    here =
      step === '[]' ? here?.items : step === '|' ? here?.anyOf?.find((one) => one.items) : here?.properties?.[step];
    const name: string | undefined = here?.$ref?.replace('#/definitions/', '');
    if (name !== undefined) here = schema.definitions?.[name];
  }
  assert.ok(here, steps.join('.'));
  return here;
}

const keysAt = (...steps: string[]) => {
  const found = at(...steps);
  assert.equal(found.additionalProperties, false, `${steps.join('.')} takes any key`);
  return Object.keys(found.properties ?? {});
};

describe('The schema of the policy', function () {
  this.timeout(20_000);

  it('is contributed for the file', () => {
    const { contributes } = JSON.parse(text('package.json'));
    assert.deepEqual(contributes.yamlValidation, [
      { fileMatch: 'incident-policy.yml', url: './schemas/incident-policy.schema.json' },
    ]);
  });

  it('has the keys of the reader, and no other', () => {
    assert.deepEqual(
      {
        top: keysAt(),
        severity: keysAt('severities', 'P0'),
        person: keysAt('people', '[]'),
        contact: keysAt('contacts', '|', '[]'),
        escalation: keysAt('escalation', '[]'),
        reminders: keysAt('reminders'),
        action: keysAt('actions', '[]'),
        parameter: keysAt('actions', '[]', 'parameters', '[]'),
        checklist: keysAt('checklist', '[]'),
        warRoom: keysAt('war-room'),
        announce: keysAt('war-room', 'announce'),
        customers: keysAt('customers'),
      },
      policyKeys,
    );
  });

  const examples = [...text('docs/policy.md').matchAll(/```yaml\n(.*?)```/gs)].map(([, example]) => example ?? '');
  it('and the reader take each example of docs/policy.md, and all of them as one file', () => {
    assert.ok(examples.length >= 5);
    for (const example of [...examples, examples.join('')]) {
      assert.deepEqual(readPolicy('incident-policy.yml', example).problems, []);
      assert.ok(validate(parse(example)), JSON.stringify(validate.errors));
    }
    // Each key is shown to people somewhere.
    for (const key of Object.values(policyKeys).flat()) {
      assert.ok(examples.join('').includes(`${key}:`) || key === 'title' || key === 'who', key);
    }
  });

  // For each place of the file: whatever stands there, both take it or both refuse it.
  const probes: readonly unknown[] = [
    null,
    '',
    ' ',
    'word',
    '@alice',
    'On-Call Engineer',
    '15m',
    ' 1H 30m ',
    '0m',
    '0h 5m',
    'none',
    'None',
    'P1',
    'p1',
    'P9',
    'commander',
    'mitigation',
    'evidence',
    'set',
    'high',
    'respond',
    'always',
    'inc-{date}',
    'inc-{number}',
    'inc-{date',
    'https://meet.example.com/{id}',
    'https://meet.example.com',
    'https://{id}.example.com/',
    'http://meet.example.com/',
    'https://me@example.com/',
    '../up',
    'a/../b',
    'a..b/c',
    '/etc',
    '~/x',
    'C:/x',
    'a\\b',
    './a/b',
    'logs/*.log',
    'make:test-smoke',
    5,
    0,
    true,
    false,
    [],
    ['word'],
    ['@alice', 'b'],
    ['P0', 'P2'],
    ['respond', 'verify'],
    ['commander'],
    ['logs/*.log'],
    ['../up'],
    ['a', ['b']],
    ['a', true],
    {},
    { word: 'x' },
  ];
  const action = (more: object) => ({ actions: [{ id: 'a', command: 'x', ...more }] });
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as the policy writes it
  const asking = (parameter: object) => action({ command: 'x ${word} ${a-b} ${x}', parameters: [parameter] });
  const places: Readonly<Record<string, (value: unknown) => unknown>> = {
    ...Object.fromEntries(policyKeys.top.map((key) => [key, (value: unknown) => ({ [key]: value })])),
    ...Object.fromEntries(
      policyKeys.severity.map((key) => [
        `severity ${key}`,
        (value: unknown) => ({ severities: { P2: { [key]: value } } }),
      ]),
    ),
    'alerts label': (value) => ({ alerts: { severity: value } }),
    'alerts value': (value) => ({ alerts: { severity: { critical: value } } }),
    'alerts without a name': (value) => ({ alerts: { ' ': { critical: value } } }),
    'alerts without a value': (value) => ({ alerts: { severity: { '': value } } }),
    'severities P1': (value) => ({ severities: { p1: value } }),
    ...Object.fromEntries(
      policyKeys.person.map((key) => [`person ${key}`, (value: unknown) => ({ people: [{ [key]: value }] })]),
    ),
    contact: (value) => ({ contacts: { Somebody: value } }),
    'contact title': (value) => ({ contacts: [{ title: value, who: 'x' }] }),
    'contact who': (value) => ({ contacts: [{ title: 'x', who: value }] }),
    'escalation step': (value) => ({ escalation: [value] }),
    'escalation after': (value) => ({ escalation: [{ after: value, to: '@a' }] }),
    'escalation to': (value) => ({ escalation: [{ after: '15m', to: value }] }),
    ...Object.fromEntries(
      policyKeys.reminders.map((key) => [`reminders ${key}`, (value: unknown) => ({ reminders: { [key]: value } })]),
    ),
    ...Object.fromEntries(
      policyKeys.action.map((key) => [`action ${key}`, (value: unknown) => action({ [key]: value })]),
    ),
    'evidence collect': (value) => ({ actions: [{ id: 'a', kind: 'evidence', collect: value }] }),
    'evidence command': (value) => ({ actions: [{ id: 'a', kind: 'evidence', command: value }] }),
    'action without a command': (value) => ({ actions: [{ id: 'a', kind: value }] }),
    'parameter name': (value) => asking({ name: value }),
    ...Object.fromEntries(
      policyKeys.parameter
        .filter((key) => key !== 'name')
        .map((key) => [`parameter ${key}`, (value: unknown) => asking({ name: 'x', [key]: value })]),
    ),
    ...Object.fromEntries(
      policyKeys.checklist.map((key) => [
        `checklist ${key}`,
        (value: unknown) => ({ checklist: [{ id: 'a', [key]: value }] }),
      ]),
    ),
    ...Object.fromEntries(
      policyKeys.warRoom.map((key) => [`war-room ${key}`, (value: unknown) => ({ 'war-room': { [key]: value } })]),
    ),
    ...Object.fromEntries(
      policyKeys.announce.map((key) => [
        `announce ${key}`,
        (value: unknown) => ({ 'war-room': { announce: { [key]: value } } }),
      ]),
    ),
    ...Object.fromEntries(
      policyKeys.customers.map((key) => [`customers ${key}`, (value: unknown) => ({ customers: { [key]: value } })]),
    ),
  };
  /** What depends on other parts of the file is the reader's alone to say. */
  const beyondTheSchema = /is no contact|There is no action|is no id of an action|does not use|among the options/;

  for (const [place, fileWith] of Object.entries(places)) {
    it(`says what the reader says of ${place}`, () => {
      for (const value of probes) {
        const file = fileWith(value);
        const problems = readPolicy('incident-policy.yml', JSON.stringify(file)).problems.filter(
          ({ message }) => !beyondTheSchema.test(message),
        );
        const valid = validate(file);
        assert.equal(
          problems.length === 0,
          valid,
          `${JSON.stringify(file)}: ${problems[0]?.message ?? JSON.stringify(validate.errors)}`,
        );
      }
    });
  }
});
