import { staysInside } from '../../core/insidePath.ts';
import {
  type AnnounceTarget,
  announceTargets,
  type CustomerPolicy,
  defaultPolicy,
  roomPlaceholders,
  type WarRoomPolicy,
} from '../../core/policy.ts';
import { roles } from '../../core/role.ts';
import { type Severity, severities } from '../../core/severity.ts';
import { policyKeys } from './policyKeys.ts';
import type { PolicyNode } from './policyNode.ts';

export function readWarRoom(node: PolicyNode): WarRoomPolicy {
  const fields = node.fields(policyKeys.warRoom);
  const { warRoom } = defaultPolicy;
  return {
    channel: readTemplate(fields.channel) ?? warRoom.channel,
    invite: fields.invite.texts(),
    video: readVideo(fields.video),
    announce: readAnnounce(fields.announce),
  };
}

export function readCustomers(node: PolicyNode): CustomerPolicy {
  const fields = node.fields(policyKeys.customers);
  const approval = fields.approval.value === 'none' ? undefined : fields.approval.word(roles);
  const template = fields.template.text();
  if (template === undefined || staysInside(template)) return { approval, template };
  fields.template.wrong('`template` must be a file inside the workspace, like templates/customer.md');
  return { approval, template: undefined };
}

function readVideo(node: PolicyNode): string | undefined {
  const template = readTemplate(node);
  // The host is written out, so that no words of an incident choose where people meet.
  if (template === undefined || /^https:\/\/[^/{}\s@]+(?:\/\S*)?$/.test(template)) return template;
  node.wrong('`video` must be an address like https://meet.example.com/{id}');
  return undefined;
}

function readTemplate(node: PolicyNode): string | undefined {
  const template = node.text();
  const known = roomPlaceholders.map((name) => `{${name}}`);
  const rest = known.reduce((text, placeholder) => text.replaceAll(placeholder, ''), template ?? '');
  const [unknown] = /[{}][^{}]{0,30}\}?/.exec(rest) ?? [];
  if (unknown === undefined) return template;
  node.wrong(`${unknown} stands for nothing: use ${known.join(', ')}`);
  return undefined;
}

function readAnnounce(node: PolicyNode): WarRoomPolicy['announce'] {
  const fields = node.fields(policyKeys.announce);
  const announce: Record<AnnounceTarget, readonly Severity[]> = { ...defaultPolicy.warRoom.announce };
  for (const target of announceTargets) announce[target] = readSeverityChoice(fields[target]) ?? announce[target];
  return announce;
}

/** `true` is every severity, `false` none; `P1` is that one and what is worse; a list is what it says. */
function readSeverityChoice(node: PolicyNode): readonly Severity[] | undefined {
  const { value } = node;
  if (value === true) return severities;
  if (value === false) return [];
  if (Array.isArray(value)) return node.words(severities);
  const severity = severities.find((candidate) => candidate === value);
  if (severity !== undefined) return severities.slice(0, severities.indexOf(severity) + 1);
  if (node.isSaid) node.wrong(`\`${node.key}\` must be true, false, a severity, or a list of severities`);
  return undefined;
}
