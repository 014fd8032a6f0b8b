import { phases } from '../../src/core/phase.ts';
import { severities } from '../../src/core/severity.ts';
import { statuses } from '../../src/core/status.ts';
import { parseCommentMarker } from '../../src/services/sync/commentMarker.ts';
import { isIncidentIssue, moveOnWeb } from './actionActs.ts';
import { type ModelWorld, repositoryName } from './modelWorld.ts';
import type { WebStep } from './steps.ts';
import { sprintOf } from './workActs.ts';

/** Whom the manager assigns. */
const crews = [['alice'], ['bob'], ['carol'], ['manager', 'alice'], ['bob', 'carol'], []];

const ourLabel = /^(?:phase|severity|type|status): /;

/** What the manager, or an outsider, does to an issue on github.com. */
export function actOnWeb(world: ModelWorld, step: WebStep): void {
  const issues = world.issues.filter((issue) => !world.copies.has(issue.number) && !world.isDoubled(issue));
  const issue = issues[step.issue % Math.max(1, issues.length)];
  if (!issue) return;
  const { number } = issue;
  const person = world.gitHub.web(step.what === 'outsider' ? 'mallory' : 'manager', repositoryName);
  const uid = /firebreak:uid=(\S+)/.exec(issue.body ?? '')?.[1] ?? '';
  const text = `web ${step.what} ${world.step}`;
  switch (step.what) {
    case 'title':
      world.titles.push({ uid, text });
      person.editTitle(number, text);
      return;
    case 'body':
      world.lines.push({ uid, text });
      person.editBody(number, `${text}\n\n${issue.body ?? ''}`);
      return;
    case 'comment':
      world.told.set(person.comment(number, text).id, { uid, text });
      return;
    case 'outsider':
      world.told.set(person.comment(number, `${text} <!-- firebreak:ev=01K5V7M3QZ8W4T2N6R0HXJ9DCA -->`).id, {
        uid,
        text,
      });
      return;
    case 'editComment': {
      const own = [...world.told].filter(
        ([id, line]) => line.uid === uid && line.text.startsWith('web comment') && !world.deleted.has(id),
      );
      const found = own[step.value % Math.max(1, own.length)];
      if (!found) return;
      person.editComment(found[0], `web comment edited ${world.step}`);
      world.told.set(found[0], { uid, text: `web comment edited ${world.step}` });
      return;
    }
    case 'deleteComment': {
      const comments = world.gitHub.state.repository(repositoryName).commentsOf(issue);
      const found = comments[step.value % Math.max(1, comments.length)];
      if (!found) return;
      for (const key of parseCommentMarker(found.body.replaceAll('\r', '')) ?? []) world.deletedKeys.add(key);
      if (world.told.has(found.id)) world.deleted.add(found.id);
      person.deleteComment(found.id);
      return;
    }
    case 'phase':
    case 'severity': {
      const field = step.what === 'phase' && !isIncidentIssue(issue) ? 'status' : step.what;
      const values = { phase: phases.slice(1), status: statuses, severity: severities }[field];
      const label = `${field}: ${values[step.value % values.length]}`;
      const old = world.labelsOf(issue).filter((name) => name.startsWith(`${field}:`) && name !== label);
      person.addLabels(number, label);
      if (old.length > 0) person.removeLabels(number, ...old);
      return;
    }
    case 'assign':
      person.assign(number, ...(crews[step.value % crews.length] ?? []));
      return;
    case 'milestone': {
      const title = step.value === 1 ? 'Autumn' : sprintOf(step.value, world.step);
      if (title !== 'Autumn' && title !== '' && title !== world.milestoneOf(issue)) {
        world.sprints.push({ uid, text: title });
      }
      person.setMilestone(number, title === '' ? null : title);
      return;
    }
    case 'close':
      if (issue.state === 'open') person.close(number);
      return;
    case 'reopen':
      if (issue.state === 'closed') person.reopen(number);
      return;
    case 'moveUnder':
      moveOnWeb(world, issue, step.value);
      return;
    case 'copyIssue': {
      const copier = world.gitHub.web(step.value % 3 === 0 ? 'mallory' : 'manager', repositoryName);
      const title = step.value % 2 === 0 ? issue.title : text;
      const copy = copier.openIssue({ title, body: issue.body ?? '' });
      world.copies.set(copy.number, { title, body: copy.body ?? '' });
      return;
    }
    case 'renameLabel':
    case 'deleteLabel': {
      const names = [...world.repository.labels.values()].map(({ name }) => name).filter((name) => ourLabel.test(name));
      const name = names[step.value % Math.max(1, names.length)];
      if (name === undefined) return;
      world.lostLabels.add(name);
      if (step.what === 'deleteLabel') person.deleteLabel(name);
      else person.renameLabel(name, text);
    }
  }
}
