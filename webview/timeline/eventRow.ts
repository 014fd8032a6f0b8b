import type { Mark } from '../../src/core/eventMarks.ts';
import { formatDuration, formatElapsed, formatInstant, minute, second } from '../../src/core/time.ts';
import type { ChangeView, EventView } from '../../src/protocol/timelineView.ts';
import { element, hidden, setAttribute } from '../dom.ts';
import { eventIcon, icon } from '../icons.ts';
import { localTime, localTimeNear, utcTime } from '../localTime.ts';
import { renderMarkdown } from '../markdown.ts';
import { strings } from '../strings.ts';
import { excerpt } from './bodyExcerpt.ts';
import { changedField, changedValue, kindLabel } from './eventPhrase.ts';

/** All that a row shows. */
export interface RowModel {
  readonly event: EventView;
  readonly mark: Mark<EventView> | undefined;
  /** For a correction or retraction: the entry that it is about, when that is here. */
  readonly about: EventView | undefined;
  readonly declaredAt: number | null;
  readonly readOnly: boolean;
  /** A long body is shown whole. */
  readonly expanded: boolean;
}

export interface RowActions {
  openFile(id: string): void;
  restore(): void;
  reveal(id: string): void;
  /** Shows a long body whole, or its beginning. */
  expand(id: string, expanded: boolean): void;
}

/** The row of one event. It lives as long as it is near the view, and builds its content anew only when that changed. */
export class EventRow {
  readonly element: HTMLLIElement;
  model: RowModel;
  readonly #actions: RowActions;
  #shown = '';
  #tabStop = false;

  constructor(model: RowModel, actions: RowActions) {
    this.#actions = actions;
    this.model = model;
    this.element = element('li', { class: 'event', 'data-event': model.event.id });
    this.update(model);
  }

  /** @returns whether anything in it changed */
  update(model: RowModel): boolean {
    this.model = model;
    const shown = JSON.stringify(model);
    if (shown === this.#shown) return false;
    this.#shown = shown;
    this.#render();
    return true;
  }

  /** One row at a time is in the tab order, with what is in it: a thousand rows must not stand before the composer. */
  setTabStop(tabStop: boolean): void {
    this.#tabStop = tabStop;
    const index = tabStop ? 0 : -1;
    this.element.tabIndex = index;
    for (const inner of this.element.querySelectorAll<HTMLElement>('a[href], button')) inner.tabIndex = index;
  }

  #render(): void {
    const { event, mark } = this.model;
    const focused = this.#focusedControl();
    this.element.className = ['event', `event-${event.kind}`, mark?.kind, event.missing && 'missing']
      .filter(Boolean)
      .join(' ');
    const head = element('div', { class: 'event-head', id: `head-${event.id}` }, ...this.#headline());
    setAttribute(this.element, 'aria-labelledby', head.id);
    this.element.replaceChildren(
      element('span', { class: 'event-icon' }, eventIcon(event.kind)),
      element('div', { class: 'event-main' }, head, ...this.#content()),
      this.#controls(),
    );
    this.setTabStop(this.#tabStop);
    if (focused !== undefined) this.element.querySelector<HTMLElement>(`[data-control="${focused}"]`)?.focus();
  }

  #focusedControl(): string | undefined {
    const active = document.activeElement;
    return active instanceof HTMLElement && this.element.contains(active) ? active.dataset.control : undefined;
  }

  #headline(): (Node | string)[] {
    const { event, mark, about, declaredAt } = this.model;
    const parts: (Node | string)[] = [
      event.change
        ? element('span', { class: 'event-kind' }, ...phrase(event.change))
        : element('span', { class: 'event-kind' }, kindLabel(event)),
    ];
    parts.push(
      element('span', { class: 'event-by' }, ...author(event)),
      element(
        'time',
        { class: 'event-time', datetime: formatInstant(event.at), title: timeTitle(event) },
        localTime(event.at),
      ),
    );
    if (declaredAt !== null) parts.push(element('span', { class: 'event-offset' }, offset(event.at - declaredAt)));
    if (event.replaces !== null) parts.push(element('span', { class: 'event-about' }, this.#about(about)));
    if (event.exit !== null) {
      parts.push(tag(strings.exit(event.exit), { kind: event.exit === 0 ? 'good' : 'bad' }));
    }
    if (event.duration !== null) parts.push(tag(strings.took(formatDuration(event.duration * second))));
    if (event.fromGitHub) parts.push(tag(strings.fromGitHub, { title: strings.fromGitHubTitle }));
    if (event.fromIncident !== null) {
      parts.push(tag(strings.fromIncident(event.fromIncident), { title: strings.fromIncidentTitle }));
    }
    if (mark) {
      const words = mark.kind === 'retracted' ? strings.retracted : strings.corrected;
      parts.push(tag(words(mark.by.by, localTimeNear(mark.by.at, event.at)), { kind: 'mark' }));
    }
    if (event.missing) parts.push(tag(strings.missingTag, { title: strings.missingTagTitle, kind: 'bad' }));
    return parts;
  }

  #about(about: EventView | undefined): Node {
    if (!about) return document.createTextNode(strings.ofUnknownEntry);
    const time = localTimeNear(about.at, this.model.event.at);
    const link = element(
      'button',
      { type: 'button', class: 'link', 'data-control': 'about' },
      strings.ofEntry(kindLabel(about), about.by, time),
    );
    link.addEventListener('click', () => this.#actions.reveal(about.id));
    return link;
  }

  #content(): Node[] {
    const { event, mark, about } = this.model;
    // The words of a correction or retraction stand with the entry that they are about.
    if (event.replaces !== null && about && mark === undefined) return [];
    if (mark?.kind === 'corrected' && mark.by.body.trim() !== '') {
      const parts: Node[] = [body(element('ins'), mark.by.body)];
      if (event.body.trim() !== '') {
        parts.push(element('div', { class: 'originally' }, strings.originally), body(element('del'), event.body));
      }
      return parts;
    }
    const parts: Node[] = [];
    if (event.body.trim() !== '') parts.push(...this.#ownBody());
    if (mark?.kind === 'retracted' && mark.by.body.trim() !== '') parts.push(body(element('ins'), mark.by.body));
    return parts;
  }

  #ownBody(): Node[] {
    const { event, mark, expanded } = this.model;
    const short = excerpt(event.body);
    const holder = body(
      element(mark?.kind === 'retracted' ? 'del' : 'div'),
      expanded || short === undefined ? event.body : short,
    );
    const parts: Node[] = [holder];
    if (short !== undefined) {
      holder.classList.toggle('clamped', !expanded);
      const more = element(
        'button',
        { type: 'button', class: 'link', 'data-control': 'more', 'aria-expanded': String(expanded) },
        expanded ? strings.showLess : strings.showMore,
      );
      more.addEventListener('click', () => this.#actions.expand(event.id, !expanded));
      parts.push(more);
    }
    if (event.truncated && (expanded || short === undefined)) {
      parts.push(element('p', { class: 'hint' }, strings.restInFile));
    }
    return parts;
  }

  /**
   * The row's own buttons are plain HTML: with a custom element in each of a thousand rows the page would open
   * noticeably later.
   */
  #controls(): HTMLElement {
    const { event, readOnly } = this.model;
    const controls = element('div', { class: 'event-controls' });
    if (event.missing && !readOnly) {
      const restore = element(
        'button',
        { type: 'button', class: 'small', title: strings.restoreTitle, 'data-control': 'restore' },
        icon('restore'),
        strings.restore,
      );
      restore.addEventListener('click', () => this.#actions.restore());
      controls.append(restore);
    }
    if (event.hasFile) {
      const open = element(
        'button',
        {
          type: 'button',
          class: 'icon-only',
          title: strings.openFile,
          'aria-label': strings.openFile,
          'data-control': 'open',
        },
        icon('file'),
      );
      open.addEventListener('click', () => this.#actions.openFile(event.id));
      controls.append(open);
    }
    return controls;
  }
}

/** `Phase  Triage → Mitigate Impact`, with the arrow in words for screen readers. */
function phrase(change: ChangeView): Node[] {
  const parts: Node[] = [document.createTextNode(`${changedField(change)}: `)];
  if (change.from !== null) {
    parts.push(
      element('span', { class: 'from', dir: 'auto' }, changedValue(change, change.from)),
      element('span', { class: 'arrow', 'aria-hidden': 'true' }, '→'),
      hidden(` ${strings.changedTo} `),
    );
  }
  parts.push(element('span', { class: 'to', dir: 'auto' }, changedValue(change, change.to)));
  return parts;
}

/** Beside a change of role, the author needs a word before the name to be told from the one who got the role. */
function author(event: EventView): (Node | string)[] {
  const name = element('bdi', {}, event.by);
  return event.change ? [element('span', { class: 'quiet' }, `${strings.by} `), name] : [name];
}

function tag(text: string, options: { title?: string; kind?: 'good' | 'bad' | 'mark' } = {}): HTMLElement {
  const classes = options.kind === undefined ? 'tag' : `tag tag-${options.kind}`;
  return element('span', { class: classes, title: options.title, dir: 'auto' }, text);
}

function body<E extends HTMLElement>(holder: E, source: string): E {
  holder.classList.add('event-body');
  holder.dir = 'auto';
  holder.append(renderMarkdown(source));
  return holder;
}

function timeTitle(event: EventView): string {
  const lines = [utcTime(event.at)];
  // Written down at once is the rule; only what was added later is worth a word.
  if (Math.abs(event.recorded - event.at) >= minute) lines.push(strings.recorded(utcTime(event.recorded)));
  return lines.join('\n');
}

/** `T+00:04` after the declaration, `T−00:05` before it. */
function offset(sinceDeclared: number): string {
  return sinceDeclared <= -minute
    ? strings.offsetBefore(formatElapsed(-sinceDeclared))
    : strings.offset(formatElapsed(sinceDeclared));
}
