import type { GitHubState } from '../gitHubState.ts';
import type { CommentRecord, IssueEventRecord, IssueRecord, LabelRecord } from '../records.ts';
import type { Repository } from '../repository.ts';
import { type Html, html, NOTHING } from './html.ts';
import { renderMarkdown } from './markdown.ts';

/** The pages for people: what github.com would show, with nothing but markup and one style sheet. */
export class IssuePages {
  readonly #state: GitHubState;
  /** Who the forms of the pages act for; `null` leaves the forms away. */
  readonly #person: string | null;

  constructor(state: GitHubState, person: string | null) {
    this.#state = state;
    this.#person = person;
  }

  repositories(): string {
    const rows = [...this.#state.repositories.values()].map(
      (repository) => html`<li><a class="title" href="/${repository.fullName}/issues">${repository.fullName}</a></li>`,
    );
    return page('Repositories', html`<h1>Repositories</h1><ul class="issues">${rows}</ul>`);
  }

  /** The list of a repository's issues and pull requests, newest first. */
  issues(repository: Repository): string {
    const issues = [...repository.issues.values()].sort((a, b) => b.number - a.number);
    const open = issues.filter((issue) => issue.state === 'open').length;
    const rows = issues.map((issue) => this.#row(repository, issue));
    return page(
      `Issues · ${repository.fullName}`,
      html`<h1>${repository.fullName}</h1>
<p class="meta">${open} open, ${issues.length - open} closed</p>
${rows.length > 0 ? html`<ul class="issues">${rows}</ul>` : html`<p>There are no issues yet.</p>`}`,
    );
  }

  issue(repository: Repository, issue: IssueRecord): string {
    const entries = [
      ...repository.commentsOf(issue).map((comment) => ({ id: comment.id, markup: this.#comment(comment) })),
      ...repository.eventsOf(issue).map((event) => ({ id: event.id, markup: this.#event(event) })),
    ].sort((a, b) => a.id - b.id);
    const assignees = issue.assigneeIds.map((id) => this.#login(id)).join(', ');
    return page(
      `${issue.title} · Issue #${issue.number} · ${repository.fullName}`,
      html`<p><a href="/${repository.fullName}/issues">${repository.fullName}</a></p>
<h1>${issue.title} <span class="number">#${issue.number}</span></h1>
<div class="facts">
<span class="state ${issue.state}">${stateText(issue)}</span>
<span class="meta">${this.#login(issue.userId)} opened this on ${time(issue.createdAt)}</span>
<span class="labels">${labels(repository.labelsOf(issue))}</span>
${assignees ? html`<span class="meta">Assigned to ${assignees}</span>` : NOTHING}
${issue.locked ? html`<span class="meta">Locked</span>` : NOTHING}
</div>
<article class="body"><header><b>${this.#login(issue.userId)}</b></header>
<div>${renderMarkdown(issue.body ?? '*No description provided.*')}</div></article>
${entries.map((entry) => entry.markup)}
${this.#person === null ? NOTHING : forms(repository, issue, this.#person)}`,
    );
  }

  #row(repository: Repository, issue: IssueRecord): Html {
    const kind = issue.pullRequest ? 'pull' : 'issues';
    return html`<li><span class="mark ${issue.state}" title="${issue.state}">${issue.state === 'open' ? '○' : '✓'}</span>
<a class="title" href="/${repository.fullName}/${kind}/${issue.number}">${issue.title}</a>${labels(repository.labelsOf(issue))}
<div class="meta">#${issue.number} ${issue.pullRequest ? 'pull request ' : ''}by ${this.#login(issue.userId)}, ${issue.comments} ${issue.comments === 1 ? 'comment' : 'comments'}, updated ${time(issue.updatedAt)}</div></li>`;
  }

  #comment(comment: CommentRecord): Html {
    return html`<article class="comment" id="issuecomment-${comment.id}"><header><b>${this.#login(comment.userId)}</b> commented on ${time(comment.createdAt)}</header>
<div>${renderMarkdown(comment.body)}</div></article>`;
  }

  #event(event: IssueEventRecord): Html {
    return html`<p class="event">${this.#login(event.actorId)} ${this.#eventText(event)} on ${time(event.createdAt)}</p>`;
  }

  #eventText({ detail }: IssueEventRecord): string {
    switch (detail.event) {
      case 'labeled':
        return `added the label ${detail.name}`;
      case 'unlabeled':
        return `removed the label ${detail.name}`;
      case 'renamed':
        return `changed the title from “${detail.from}” to “${detail.to}”`;
      case 'assigned':
      case 'unassigned':
        return `${detail.event} ${this.#login(detail.assigneeId)}`;
      case 'milestoned':
      case 'demilestoned':
        return `${detail.event === 'milestoned' ? 'added this to' : 'removed this from'} the milestone ${detail.milestone}`;
      case 'closed':
        return `closed this as ${(detail.stateReason ?? 'completed').replaceAll('_', ' ')}`;
      case 'comment_deleted':
        return 'deleted a comment';
      case 'sub_issue_added':
      case 'sub_issue_removed':
      case 'parent_issue_added':
      case 'parent_issue_removed':
        return `${detail.event.endsWith('added') ? 'added' : 'removed'} the ${detail.event.startsWith('sub') ? 'sub-issue' : 'parent issue'} #${detail.number}`;
      case 'reopened':
      case 'locked':
      case 'unlocked':
        return `${detail.event} this`;
    }
  }

  #login(id: number): string {
    const user = this.#state.users.get(id);
    return user && !user.deleted ? user.login : 'ghost';
  }
}

/** In UTC, as everything on disk is: `23 Sep 2025, 14:30 UTC`. */
function time(instant: string): Html {
  const [, day, month, year, hours, minutes] =
    /^\w+, (\d+) (\w+) (\d+) (\d+):(\d+)/.exec(new Date(instant).toUTCString()) ?? [];
  return html`<time datetime="${instant}">${day ?? ''} ${month ?? ''} ${year ?? ''}, ${hours ?? ''}:${minutes ?? ''} UTC</time>`;
}

function stateText(issue: IssueRecord): string {
  if (issue.pullRequest?.mergedAt) return 'Merged';
  if (issue.state === 'open') return 'Open';
  return issue.stateReason === 'not_planned' ? 'Closed as not planned' : 'Closed';
}

function labels(all: readonly LabelRecord[]): Html[] {
  return all.map(
    (label) =>
      html`<span class="label" style="background:#${label.color};color:${textColorOn(label.color)}">${label.name}</span>`,
  );
}

/** Black or white, whichever is read more easily on the colour (W3C's formula for perceived brightness). */
function textColorOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return red * 299 + green * 587 + blue * 114 > 150_000 ? '#1f2328' : '#ffffff';
}

function forms(repository: Repository, issue: IssueRecord, person: string): Html {
  const action = `/${repository.fullName}/issues/${issue.number}`;
  const change = issue.state === 'open' ? 'close' : 'reopen';
  return html`<form method="post" action="${action}/comment">
<label>Comment as ${person}<textarea name="body" required></textarea></label><button>Comment</button></form>
<form method="post" action="${action}/title"><label>Title<input name="title" required value="${issue.title}"></label><button>Save title</button></form>
<form method="post" action="${action}/${change}"><button>${change === 'close' ? 'Close issue' : 'Reopen issue'}</button></form>`;
}

function page(title: string, content: Html): string {
  return html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><link rel="stylesheet" href="/-/style.css"></head>
<body><header class="site"><a href="/-/repositories"><b>Demo GitHub</b></a><small>a stand-in on this machine, not github.com</small></header>
<main>${content}</main></body></html>
`.text;
}
