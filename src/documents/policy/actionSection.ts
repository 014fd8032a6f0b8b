import { staysInside } from '../../core/insidePath.ts';
import type { Phase } from '../../core/phase.ts';
import { phases } from '../../core/phase.ts';
import { type ActionKind, type ActionParameter, type ActionPolicy, actionKinds } from '../../core/policy.ts';
import { policyKeys } from './policyKeys.ts';
import type { PolicyNode } from './policyNode.ts';

export const risks = ['low', 'high'] as const;
export const freezes = ['set', 'lift'] as const;
export const idPattern = /^[a-z0-9-]+$/;
export const parameterPattern = /^[A-Za-z_][\w-]*$/;

const defaultPhases: Readonly<Record<ActionKind, readonly Phase[]>> = {
  evidence: ['respond', 'mitigate'],
  mitigation: ['respond', 'mitigate'],
  check: ['triage', 'investigate', 'verify'],
};

/**
 * An action is read whole or not at all: with a part missing that decides what would be run (command, folder, parameters),
 * it would do something that nobody wrote.
 */
export function readActions(node: PolicyNode): readonly ActionPolicy[] {
  const ids = new Set<string>();
  return node.items().flatMap((item) => readAction(item, ids) ?? []);
}

function readAction(node: PolicyNode, ids: Set<string>): ActionPolicy | undefined {
  const fields = node.fields(policyKeys.action);
  const id = readId(node, fields.id, ids, 'An action');
  // What is not known to be harmless counts as a mitigation, which is confirmed.
  const kind = fields.kind.word(actionKinds) ?? 'mitigation';
  const command = fields.command.text();
  const cwd = readFolder(fields.cwd);
  const parameters = readParameters(fields.parameters, command);
  const collect = kind === 'evidence' ? readPatterns(fields.collect) : [];
  if (kind !== 'evidence' && fields.collect.isSaid) {
    fields.collect.wrongKey('`collect` is for actions of kind evidence: add `kind: evidence`');
  }
  const risk = fields.risk.word(risks) ?? (fields.risk.isSaid || kind === 'mitigation' ? 'high' : 'low');
  const chosen = fields.phases.words(phases);
  const action = {
    title: fields.title.text() ?? id ?? '',
    kind,
    freeze: fields.freeze.word(freezes),
    phases: chosen !== undefined && chosen.length > 0 ? chosen : defaultPhases[kind],
    command,
    risk,
    confirm: fields.confirm.text(),
    collect,
    timeout: fields.timeout.duration() ?? null,
  };
  if (command === undefined && collect.length === 0) {
    if (!fields.command.isSaid && !fields.collect.isSaid) {
      node.wrong(
        kind === 'evidence' ? 'Evidence needs `collect`, or a `command`' : 'An action needs the `command` that it runs',
      );
    }
    return undefined;
  }
  // A command that is there but can't be read is not left out while the files are collected.
  if (command === undefined && fields.command.isSaid) return undefined;
  return id === undefined || cwd === undefined || parameters === undefined
    ? undefined
    : { id, ...action, cwd, parameters };
}

/** @returns undefined, with the reason reported, where there is none that could be used */
export function readId(holder: PolicyNode, node: PolicyNode, taken: Set<string>, what: string): string | undefined {
  const id = node.text();
  if (id === undefined) {
    if (!node.isSaid) holder.wrong(`${what} needs an \`id\` of small letters, digits and "-"`);
    return undefined;
  }
  if (!idPattern.test(id)) {
    node.wrong(`"${id}" is no id: use small letters, digits and "-"`);
    return undefined;
  }
  if (taken.has(id)) {
    node.wrong(`There is another "${id}" above: give this one an id of its own`);
    return undefined;
  }
  taken.add(id);
  return id;
}

function readFolder(node: PolicyNode): string | undefined {
  const text = node.text();
  if (text === undefined) return node.isSaid ? undefined : '';
  const folder = text.replace(/^(?:\.\/+)+|^\.$/, '').replace(/\/+$/, '');
  if (staysInside(text)) return folder;
  node.wrong('`cwd` must be a folder inside the workspace, like services/api');
  return undefined;
}

function readPatterns(node: PolicyNode): string[] {
  if (Array.isArray(node.value) && node.value.length === 0)
    node.wrong('`collect` names no files: name some, like logs/*.log');
  return node.oneOrMore().flatMap((item) => {
    const pattern = item.text();
    if (pattern === undefined) return [];
    if (staysInside(pattern)) return [pattern];
    item.wrong('Only files inside the workspace can be collected: name them like logs/*.log');
    return [];
  });
}

/** @returns undefined when one of them can't be used */
function readParameters(node: PolicyNode, command: string | undefined): readonly ActionParameter[] | undefined {
  if (!node.isSaid) return [];
  if (!Array.isArray(node.value)) {
    node.items();
    return undefined;
  }
  const names = new Set<string>();
  const read = node.items().map((item) => readParameter(item, names, command));
  const usable = read.filter((parameter) => parameter !== undefined);
  return usable.length === read.length ? usable : undefined;
}

function readParameter(node: PolicyNode, names: Set<string>, command: string | undefined): ActionParameter | undefined {
  const fields = node.fields(policyKeys.parameter);
  const name = fields.name.text();
  if (name === undefined) {
    if (!fields.name.isSaid) node.wrong('A parameter needs a `name`');
    return undefined;
  }
  if (!parameterPattern.test(name)) {
    fields.name.wrong(`"${name}" is no name of a parameter: use letters, digits, "_" and "-"`);
    return undefined;
  }
  if (names.has(name)) {
    fields.name.wrong(`There is another parameter "${name}" above: remove one`);
    return undefined;
  }
  names.add(name);
  if (command !== undefined && !command.includes(`\${${name}}`)) {
    fields.name.wrong(`The command does not use "${name}": write \${${name}} where its value belongs`);
  }
  const options = fields.options.texts();
  const preset = fields.default.text();
  if (preset !== undefined && options.length > 0 && !options.includes(preset)) {
    fields.default.wrong(`"${preset}" is not among the options: add it there, or choose one of them`);
    return undefined;
  }
  return {
    name,
    title: fields.title.text() ?? name,
    default: preset,
    options,
    required: fields.required.flag() ?? true,
  };
}
