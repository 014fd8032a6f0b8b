import type { AlertLabelPolicy } from '../../core/policy.ts';
import { type Severity, severities } from '../../core/severity.ts';
import type { PolicyNode } from './policyNode.ts';

/** `alerts:` names labels of alerts, and for each which severity its values propose. Whole values, in large or small letters. */
export function readAlerts(node: PolicyNode): readonly AlertLabelPolicy[] {
  return node.entries().flatMap(([label, values]) => {
    if (label.trim() === '') {
      values.wrongKey('A label needs a name, like severity');
      return [];
    }
    return [{ label: label.trim(), severities: readValues(values) }];
  });
}

function readValues(node: PolicyNode): ReadonlyMap<string, Severity> {
  const read = new Map<string, Severity>();
  for (const [written, said] of node.entries()) {
    const value = written.trim().toLowerCase();
    if (value === '') said.wrongKey('A value needs at least a letter, like critical');
    else if (read.has(value)) said.wrongKey(`"${value}" stands above already: large and small letters are the same`);
    else {
      const severity = said.word(severities);
      if (severity !== undefined) read.set(value, severity);
    }
  }
  return read;
}
