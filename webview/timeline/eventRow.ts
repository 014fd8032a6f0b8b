import type { Mark } from '../../src/core/eventMarks.ts';
import { formatDuration, formatElapsed, formatInstant, minute, second } from '../../src/core/time.ts';
import type { ChangeView, EventView } from '../../src/protocol/timelineView.ts';
import { element, hidden, setAttribute } from '../dom.ts';
import { eventIcon, icon, type OtherIcon } from '../icons.ts';
import { localTime, localTimeNear, utcTime } from '../localTime.ts';
import { renderMarkdown } from '../markdown.ts';
import { strings } from '../strings.ts';
import { excerpt } from './bodyExcerpt.ts';
import type { EntryActions, EntryStanding } from './entryMenu.ts';
import { changedField, changedValue, kindLabel } from './eventPhrase.ts';

/** All that a row shows. */
export interface RowModel {
  readonly event: EventView;
  readonly mark: Mark<EventView> | undefined;
  /** For a correction or retraction: the entry that it is about, when that is here. */
  readonly about: EventView | undefined;
  readonly declaredAt: number | null;
  readonly readOnly: boolean;
  /** What was added to it later: pictures and links. */
  readonly additions: readonly EventView[];
  readonly attachments: string | null;
  /** A long body is shown whole. */
  readonly expanded: boolean;
  readonly selected: boolean;
}

export interface RowActions extends EntryActions {
  restore(): void;
  /** Opens the menu of the row below its button. */
  menu(opener: HTMLElement, standing: EntryStanding): void;
  /** @param through selects what is between it and the one that was selected last, too */
  select(id: string, selected: boolean, through?: boolean): void;
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
    const before = this.model;
    this.model = model;
    if (this.#shown !== '' && isSameModel(before, model)) return false;
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
    for (const inner of this.element.querySelectorAll<HTMLElement>('a[href], button, input')) inner.tabIndex = index;
  }

  get standing(): EntryStanding {
    const { event, mark, readOnly, selected } = this.model;
    return { event, readOnly, selected, retracted: mark?.kind === 'retracted' };
  }

  #render(): void {
    const { event, mark, selected } = this.model;
    const focused = this.#focusedControl();
    this.element.className = [
      'event',
      `event-${event.kind}`,
      mark?.kind,
      event.missing && 'missing',
      selected && 'selected',
    ]
      .filter(Boolean)
      .join(' ');
    const head = element('div', { class: 'event-head', id: `head-${event.id}` }, ...this.#headline());
    setAttribute(this.element, 'aria-labelledby', head.id);
    this.element.replaceChildren(
      element('span', { class: 'event-icon' }, eventIcon(event.kind), this.#checkbox()),
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
    if (event.replaces !== null || event.about !== null) {
      parts.push(element('span', { class: 'event-about' }, this.#about(about)));
    }
    if (event.standing !== null) parts.push(tag(event.standing));
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
    if (event.writtenAt !== null)
      parts.push(tag(strings.movedFrom(localTimeNear(event.writtenAt, event.at)), { kind: 'mark' }));
    if (event.pinned) {
      parts.push(element('span', { class: 'tag tag-pin', title: strings.pinnedTitle }, icon('pin'), strings.pinned));
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
    return [...this.#words(), ...this.model.additions.map((added) => this.#addition(added))];
  }

  #addition(added: EventView): HTMLElement {
    const words = hidden(strings.attached(added.by));
    return element('div', { class: 'addition' }, words, this.#body(element('div'), added.body));
  }

  #words(): Node[] {
    const { event, mark, about } = this.model;
    // The words of a correction, a retraction or an addition stand with the entry that they are about.
    const isElsewhere = event.replaces !== null || (event.about !== null && event.kind === 'note');
    if (isElsewhere && about && mark === undefined) return [];
    if (mark?.kind === 'corrected' && mark.by.body.trim() !== '') {
      const parts: Node[] = [this.#body(element('ins'), mark.by.body)];
      if (event.body.trim() !== '') {
        parts.push(element('div', { class: 'originally' }, strings.originally), this.#body(element('del'), event.body));
      }
      return parts;
    }
    const parts: Node[] = [];
    if (event.body.trim() !== '') parts.push(...this.#ownBody());
    if (mark?.kind === 'retracted' && mark.by.body.trim() !== '') parts.push(this.#body(element('ins'), mark.by.body));
    return parts;
  }

  #body<E extends HTMLElement>(holder: E, source: string): E {
    holder.classList.add('event-body');
    holder.dir = 'auto';
    holder.append(renderMarkdown(source, this.model.attachments));
    return holder;
  }

  #ownBody(): Node[] {
    const { event, mark, expanded } = this.model;
    const short = excerpt(event.body);
    const holder = this.#body(
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
    if (!readOnly) {
      const label = event.pinned ? strings.unpin : strings.pin;
      const pin = iconButton('pin', label, 'pin');
      setAttribute(pin, 'aria-pressed', String(event.pinned));
      pin.addEventListener('click', () => this.#actions.pin([event.id], !event.pinned));
      controls.append(pin);
    }
    if (event.hasFile) {
      const open = iconButton('file', strings.openFile, 'open');
      open.addEventListener('click', () => this.#actions.openFile(event.id));
      controls.append(open);
    }
    const more = iconButton('more', strings.moreOf(kindLabel(event)), 'more');
    setAttribute(more, 'aria-haspopup', 'menu');
    setAttribute(more, 'aria-expanded', 'false');
    more.addEventListener('click', () => this.#actions.menu(more, this.standing));
    controls.append(more);
    return controls;
  }

  #checkbox(): HTMLElement {
    const { event, selected } = this.model;
    const box = element('input', {
      type: 'checkbox',
      class: 'select',
      'aria-label': strings.selectEntry(kindLabel(event), localTime(event.at)),
      'data-control': 'select',
    });
    box.checked = selected;
    box.addEventListener('click', (click) => this.#actions.select(event.id, box.checked, click.shiftKey));
    return box;
  }
}

/** Whether a row is made of the very same objects: then nothing of it needs to be looked at. */
function isSameModel(left: RowModel, right: RowModel): boolean {
  return (
    left.event === right.event &&
    left.mark?.kind === right.mark?.kind &&
    left.mark?.by === right.mark?.by &&
    left.about === right.about &&
    left.declaredAt === right.declaredAt &&
    left.readOnly === right.readOnly &&
    left.attachments === right.attachments &&
    left.expanded === right.expanded &&
    left.selected === right.selected &&
    left.additions.length === right.additions.length &&
    left.additions.every((added, index) => added === right.additions[index])
  );
}

function iconButton(name: OtherIcon, label: string, control: string): HTMLButtonElement {
  const attributes = { type: 'button', class: 'icon-only', title: label, 'aria-label': label, 'data-control': control };
  return element('button', attributes, icon(name));
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
