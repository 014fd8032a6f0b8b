import { nextPhase, type Phase } from '../../src/core/phase.ts';
import type { TimelineCommand } from '../../src/protocol/timelineMessages.ts';
import type { TimelineView } from '../../src/protocol/timelineView.ts';
import { strings } from '../strings.ts';

export interface Step {
  readonly command: TimelineCommand;
  readonly label: string;
}

const steps = {
  acknowledge: strings.acknowledge,
  changePhase: strings.changePhase,
  assignRole: strings.takeCommand,
  postStatusUpdate: strings.postStatusUpdate,
  recordDecision: strings.recordDecision,
  runAction: strings.runAction,
  checklist: strings.checklist,
  addActionItem: strings.addActionItem,
  openRca: strings.openRca,
  postRca: strings.postRca,
  notifyCustomers: strings.notifyCustomers,
} satisfies Partial<Record<TimelineCommand, string>>;

/** What the guide has its commander do in each phase, the likeliest first. */
const ofPhase: Readonly<Record<Phase, readonly (keyof typeof steps)[]>> = {
  detected: ['changePhase', 'postStatusUpdate', 'recordDecision', 'runAction'],
  declared: ['postStatusUpdate', 'changePhase', 'recordDecision', 'runAction'],
  triage: ['postStatusUpdate', 'changePhase', 'recordDecision', 'runAction'],
  respond: ['postStatusUpdate', 'changePhase', 'runAction', 'recordDecision'],
  mitigate: ['postStatusUpdate', 'runAction', 'changePhase', 'notifyCustomers', 'recordDecision'],
  investigate: ['postStatusUpdate', 'runAction', 'changePhase', 'recordDecision'],
  fix: ['postStatusUpdate', 'runAction', 'changePhase', 'recordDecision'],
  verify: ['checklist', 'postStatusUpdate', 'changePhase', 'runAction', 'notifyCustomers', 'recordDecision'],
  rca: ['openRca', 'addActionItem', 'changePhase', 'postRca', 'recordDecision'],
  closed: ['changePhase', 'openRca', 'addActionItem'],
};

/** What there is to be done now, in order; the first is the one to offer most plainly. */
export function nextSteps(
  view: Pick<TimelineView, 'phase' | 'roles' | 'clocks' | 'finished' | 'github' | 'private'>,
): Step[] {
  if (view.finished) return [step('changePhase', view)];
  const unacknowledged = view.clocks.some(({ kind, stoppedAt }) => kind === 'acknowledge' && stoppedAt === null);
  const leaderless =
    !view.roles.some(({ role }) => role === 'commander') && view.phase !== 'rca' && view.phase !== 'closed';
  const wanted = ofPhase[view.phase]
    .filter((one) => one !== 'postRca' || view.github !== null)
    .filter((one) => !view.private || (one !== 'postRca' && one !== 'notifyCustomers'));
  return [
    ...(unacknowledged ? ['acknowledge' as const] : []),
    ...(leaderless ? ['assignRole' as const] : []),
    ...wanted,
  ].map((one) => step(one, view));
}

function step(command: keyof typeof steps, { phase, finished }: Pick<TimelineView, 'phase' | 'finished'>): Step {
  const next = finished ? undefined : nextPhase(phase);
  const label = command === 'changePhase' && next ? strings.nextPhase(strings.phase[next]) : steps[command];
  return { command, label };
}
