import { type ActionPolicy, type ChecklistEntry, defaultPolicy } from '../../core/policy.ts';
import { idPattern, readId } from './actionSection.ts';
import { policyKeys } from './policyKeys.ts';
import type { PolicyNode } from './policyNode.ts';

/** What was found elsewhere is named with where: `make:test-smoke`. */
const foundAction = /^[a-z]+:\S/;

/** The file's list takes the place of the guide's. */
export function readChecklist(node: PolicyNode, actions: readonly ActionPolicy[]): readonly ChecklistEntry[] {
  if (!node.isSaid || !Array.isArray(node.value)) {
    node.items();
    return defaultPolicy.checklist;
  }
  const ids = new Set<string>();
  return node.items().flatMap((item) => {
    const fields = item.fields(policyKeys.checklist);
    const id = readId(item, fields.id, ids, 'An entry');
    const action = fields.action.text();
    if (action !== undefined && !foundAction.test(action) && !actions.some((candidate) => candidate.id === action)) {
      fields.action.wrong(
        idPattern.test(action)
          ? `There is no action "${action}": give an id of \`actions\`, or where it is found, like make:${action}`
          : `"${action}" is no id of an action`,
      );
    }
    return id === undefined ? [] : [{ id, title: fields.title.text() ?? id, action }];
  });
}
