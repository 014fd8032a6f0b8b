import type { RemoteBodyEdit } from '../../core/ports/issueTracker.ts';
import { lastEdits, readEdits } from './bodyEdits.ts';
import { ShapeError, shapeOf } from './remoteShapes.ts';

interface Ids {
  readonly issue: string;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
}

interface Mutation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const labelsField = `labels: removeLabelsFromLabelable(input: { labelableId: $issue, labelIds: $labels }) {
    on: labelable { ...LastEdits }
  }`;
const assigneesField = `assignees: removeAssigneesFromAssignable(input: { assignableId: $issue, assigneeIds: $assignees }) {
    on: assignable { ...LastEdits }
  }`;

/**
 * Takes labels and assignees off an issue, and asks for the last versions of its text: REST takes a request for each label,
 * and tells of no text. The fields of a mutation are done one after the other.
 */
export function takeOffMutation({ issue, labels, assignees }: Ids): Mutation {
  const [hasLabels, hasAssignees] = [labels.length > 0, assignees.length > 0];
  const declared = [
    '$issue: ID!',
    ...(hasLabels ? ['$labels: [ID!]!'] : []),
    ...(hasAssignees ? ['$assignees: [ID!]!'] : []),
  ];
  const fields = [...(hasLabels ? [labelsField] : []), ...(hasAssignees ? [assigneesField] : [])];
  return {
    query: `mutation TakeOff(${declared.join(', ')}) {\n  ${fields.join('\n  ')}\n}\n${lastEdits}`,
    variables: { issue, ...(hasLabels ? { labels } : {}), ...(hasAssignees ? { assignees } : {}) },
  };
}

/** @returns undefined when any of it was not done, or may not have been */
export function readTakenOff(answer: unknown): RemoteBodyEdit[] | undefined {
  try {
    const { data, errors } = shapeOf(answer, 'answer to a mutation');
    if (errors !== undefined) return undefined;
    const done = Object.values(shapeOf(data, 'data'));
    const edits = done.map((field) => readEdits(shapeOf(shapeOf(field, 'payload').on, 'issue')));
    return edits.at(-1);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    return undefined;
  }
}
