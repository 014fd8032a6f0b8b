import { clockStanding } from '../../src/core/clocks.ts';
import { day, minute } from '../../src/core/time.ts';
import type { EventView, TimelineView } from '../../src/protocol/timelineView.ts';
import { element, setAttribute, setChildren, setText } from '../dom.ts';
import { icon, type OtherIcon } from '../icons.ts';
import { localDayShort, localTime, localTimeNear, localTimeToSecond } from '../localTime.ts';
import { strings } from '../strings.ts';
import { svgElement } from '../svg.ts';
import { countKinds } from './eventFilter.ts';
import { kindLabel } from './eventPhrase.ts';
import { lanes, markWidth, type PictureMark, pictureMarks, shortCount } from './pictureMarks.ts';
import { panned, type TimeRange, ticks, wholeRange, zoomed } from './timeRange.ts';

/** CSS pixels, from the top. */
const phaseHeight = 17;
const limitBase = 27;
const lanesTop = 31;
const laneHeight = 15;
const axisTop = lanesTop + lanes.length * laneHeight + 1;
const height = axisTop + 13;
/** For the names of the lanes, where there is room for them. */
const gutterWidth = 62;
const gutterFrom = 560;
const letterWidth = 6.4;
const tickRoom = 84;
const wordLimit = 120;
const zoomStep = 1.5;
const panStep = 0.25;
/** A pointer that moved less meant to click (CSS pixels). */
const dragFrom = 4;

/**
 * The incident over time: phases as bars, entries as marks, limits as lines. What is drawn is also said in words, and
 * everything that a pointer can do, keys can.
 */
export class IncidentPicture {
  readonly element: HTMLElement;
  readonly drawing = svgElement('svg', { class: 'drawing', height, 'aria-hidden': 'true' });
  readonly #ground = svgElement('g');
  readonly #marksPlace = svgElement('g');
  readonly #plot: HTMLElement;
  readonly #words = element('p', { class: 'sr-only', id: 'picture-words' });
  readonly #chosenWords = element('p', { class: 'sr-only', role: 'status' });
  readonly #goTo: (id: string) => void;
  #view: TimelineView | undefined;
  #events: readonly EventView[] = [];
  /** Null for all of it. */
  #range: TimeRange | null = null;
  #now = 0;
  #drawnNow = 0;
  #width = 0;
  #marks: readonly PictureMark[] = [];
  /** The elements of the marks that are drawn, by lane and first entry. */
  #drawn = new Map<string, { readonly mark: PictureMark; readonly element: SVGElement }>();
  /** The first entry of the mark that was gone to by keys. */
  #chosen: string | undefined;

  /** @param goTo shows an entry in the list */
  constructor(goTo: (id: string) => void) {
    this.#goTo = goTo;
    const tool = (name: OtherIcon, label: string, press: () => void) => {
      const button = element(
        'button',
        { type: 'button', class: 'icon-only', title: label, 'aria-label': label },
        icon(name),
      );
      button.addEventListener('click', press);
      return button;
    };
    this.#plot = element(
      'div',
      {
        class: 'plot',
        tabindex: '0',
        role: 'application',
        'aria-label': strings.picture,
        'aria-describedby': 'picture-words picture-keys',
      },
      this.drawing as unknown as Node,
    );
    this.element = element(
      'section',
      { class: 'picture', 'aria-label': strings.picture },
      this.#plot,
      element(
        'div',
        { class: 'picture-tools', role: 'group', 'aria-label': strings.pictureTools },
        tool('zoomIn', strings.zoomIn, () => this.#zoom(1 / zoomStep)),
        tool('zoomOut', strings.zoomOut, () => this.#zoom(zoomStep)),
        tool('fit', strings.zoomFit, () => this.#show(null)),
      ),
      this.#words,
      element('p', { class: 'sr-only', id: 'picture-keys' }, strings.pictureKeys),
      this.#chosenWords,
    );
    this.#plot.addEventListener('keydown', (event) => this.#key(event));
    this.#plot.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    this.#plot.addEventListener('blur', () => this.#choose(undefined));
    this.#listenToPointer();
    new ResizeObserver(() => this.#draw()).observe(this.#plot);
  }

  /** @param events those that the list shows, in order */
  update(view: TimelineView, events: readonly EventView[], now: number): void {
    this.#view = view;
    this.#events = events;
    this.#now = now;
    this.#draw();
    this.#describe();
  }

  tick(now: number): void {
    this.#now = now;
    const { from, to } = this.#shownRange();
    // A second is nothing in a picture of hours.
    if (((now - this.#drawnNow) / (to - from)) * this.#width >= 1) this.#draw();
  }

  get #gutter(): number {
    return this.#width >= gutterFrom ? gutterWidth : 0;
  }

  #shownRange(): TimeRange {
    if (this.#range) return this.#range;
    return this.#view ? wholeRange(this.#view, this.#now) : { from: this.#now - minute, to: this.#now };
  }

  #place(range: TimeRange): (epochMs: number) => number {
    const room = this.#width - this.#gutter;
    return (epochMs) => ((epochMs - range.from) / (range.to - range.from)) * room;
  }

  #instantAt(x: number): number {
    const range = this.#shownRange();
    const room = Math.max(1, this.#width - this.#gutter);
    return range.from + ((x - this.#gutter) / room) * (range.to - range.from);
  }

  #draw(): void {
    const view = this.#view;
    this.#width = this.#plot.clientWidth;
    if (!view || this.#width === 0) return;
    this.#drawnNow = this.#now;
    const range = this.#shownRange();
    const place = this.#place(range);
    const gutter = this.#gutter;
    const room = this.#width - gutter;
    this.#marks = pictureMarks(this.#events, place, room);
    setAttribute(this.drawing, 'width', this.#width);
    setAttribute(this.drawing, 'viewBox', `0 0 ${this.#width} ${height}`);
    for (const part of [this.#ground, this.#marksPlace]) setAttribute(part, 'transform', `translate(${gutter} 0)`);
    this.#ground.replaceChildren(
      ...lanes.map((_, index) => {
        const y = lanesTop + (index + 0.5) * laneHeight;
        return svgElement('line', { class: 'lane', x1: 0, x2: room, y1: y, y2: y });
      }),
      ...this.#axis(range, place, room),
      ...this.#phases(view, place, room),
      ...this.#limits(view, place, room),
      ...this.#nowLine(view, place, room),
    );
    this.#drawMarks(room);
    const names =
      gutter === 0
        ? []
        : lanes.map((lane, index) =>
            svgElement(
              'text',
              { class: 'lane-name', x: 0, y: lanesTop + (index + 0.5) * laneHeight + 4 },
              strings.lanes[lane],
            ),
          );
    setChildren(this.drawing, [...names, this.#ground, this.#marksPlace]);
  }

  #axis(range: TimeRange, place: (at: number) => number, room: number): SVGElement[] {
    const { step, at } = ticks(range, Math.max(2, Math.floor(room / tickRoom)));
    const label = (time: number) => {
      if (step >= day || localTime(time) === localTime(new Date(time).setHours(0, 0, 0, 0))) return localDayShort(time);
      return step < minute ? localTimeToSecond(time) : localTime(time);
    };
    return at.flatMap((time) => {
      const x = place(time);
      const line = svgElement('line', { class: 'tick', x1: x, x2: x, y1: phaseHeight, y2: axisTop });
      const text = label(time);
      const half = (text.length * letterWidth) / 2;
      if (x < half || x > room - half) return [line];
      return [line, svgElement('text', { class: 'tick-name', x, y: axisTop + 10 }, text)];
    });
  }

  #phases(view: TimelineView, place: (at: number) => number, room: number): SVGElement[] {
    return view.phases.flatMap((span) => {
      const from = Math.max(0, place(span.from));
      const to = Math.min(room, place(span.to ?? Math.max(this.#now, span.from)));
      if (to <= 0 || from >= room || (span.phase === 'closed' && to - from < 1)) return [];
      const width = Math.max(2, to - from - 1);
      const end = span.to === null ? '' : ` ${strings.until(localTimeNear(span.to, span.from))}`;
      const bar = svgElement(
        'rect',
        {
          class: span.to === null ? 'span span-current' : 'span',
          x: from,
          y: 0,
          width,
          height: phaseHeight - 2,
          rx: 2,
        },
        svgElement('title', {}, `${span.title}: ${localTimeNear(span.from, this.#now)}${end}`),
      );
      const fits = Math.floor((width - 8) / letterWidth);
      if (fits < 3) return [bar];
      const name = span.title.length <= fits ? span.title : `${span.title.slice(0, fits - 1)}…`;
      return [
        bar,
        svgElement(
          'text',
          { class: span.to === null ? 'span-name span-name-current' : 'span-name', x: from + 5, y: 12 },
          name,
        ),
      ];
    });
  }

  #limits(view: TimelineView, place: (at: number) => number, room: number): SVGElement[] {
    const due = view.clocks.flatMap((clock) => {
      const x = clock.dueAt === null ? -1 : place(clock.dueAt);
      return clock.dueAt === null || x < 0 || x > room ? [] : [{ clock, at: clock.dueAt, x }];
    });
    const named: { readonly from: number; readonly to: number }[] = [];
    return due
      .sort((left, right) => left.at - right.at)
      .flatMap(({ clock, at, x }) => {
        const standing = clockStanding(clock, this.#now);
        const title = strings.limit(clock.label, localTimeNear(at, this.#now), strings.standing[standing]);
        const line = svgElement(
          'line',
          { class: `limit limit-${standing}`, x1: x, x2: x, y1: phaseHeight + 2, y2: axisTop },
          svgElement('title', {}, title),
        );
        const width = clock.label.length * letterWidth;
        const isFree = ({ from, to }: { from: number; to: number }) =>
          from >= 0 &&
          to <= room &&
          due.every((other) => other.x === x || other.x < from || other.x > to) &&
          named.every((other) => other.to < from || other.from > to);
        // A name that another limit would cross out stands to the left of its line, or is only said by the pointer.
        const right = { from: x + 3, to: x + 3 + width };
        const left = { from: x - 3 - width, to: x - 3 };
        const where = [right, left].find(isFree);
        if (!where) return [line];
        named.push(where);
        const anchor = where === left ? 'end' : 'start';
        return [
          line,
          svgElement(
            'text',
            {
              class: `limit-name limit-${standing}`,
              x: where === left ? left.to : right.from,
              y: limitBase,
              'text-anchor': anchor,
            },
            clock.label,
          ),
        ];
      });
  }

  #nowLine(view: TimelineView, place: (at: number) => number, room: number): SVGElement[] {
    const x = place(this.#now);
    if (view.finished || x < 0 || x > room) return [];
    return [
      svgElement('line', { class: 'now', x1: x, x2: x, y1: 0, y2: axisTop }, svgElement('title', {}, strings.nowLine)),
    ];
  }

  /** Marks that are as they were stay, at most in another place: of hundreds, one entry more changes one. */
  #drawMarks(room: number): void {
    const before = this.#drawn;
    this.#drawn = new Map();
    for (const mark of this.#marks) {
      const [first] = mark.events;
      const key = `${mark.lane} ${first?.id}`;
      const known = before.get(key);
      const drawn = known && isSameMark(known.mark, mark) ? known.element : markElement(mark);
      this.#drawn.set(key, { mark, element: drawn });
      // Whole at both ends.
      const x = mark.events.length === 1 ? Math.min(Math.max(mark.x, 6), room - 6) : Math.min(mark.x, room - markWidth);
      const y = lanesTop + (lanes.indexOf(mark.lane) + 0.5) * laneHeight;
      setAttribute(drawn, 'transform', `translate(${Math.round(x * 10) / 10} ${y})`);
      drawn.classList.toggle('mark-chosen', first?.id === this.#chosen);
    }
    setChildren(
      this.#marksPlace,
      [...this.#drawn.values()].map(({ element }) => element),
    );
  }

  #show(range: TimeRange | null): void {
    this.#range = range;
    this.#draw();
  }

  #zoom(factor: number, around?: number): void {
    const range = this.#shownRange();
    this.#show(zoomed(range, factor, around ?? (range.from + range.to) / 2));
  }

  #pan(share: number): void {
    if (!this.#view) return;
    this.#show(panned(this.#shownRange(), share, wholeRange(this.#view, this.#now)));
  }

  #wheel(event: WheelEvent): void {
    const sideways = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
    if (event.ctrlKey || event.metaKey) {
      const x = event.clientX - this.#plot.getBoundingClientRect().left;
      this.#zoom(Math.exp(Math.max(-100, Math.min(100, event.deltaY)) / 200), this.#instantAt(x));
    } else if (sideways !== 0 && (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))) {
      this.#pan(sideways / Math.max(1, this.#width));
    } else return;
    event.preventDefault();
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act: Partial<Record<string, () => void>> = {
      '+': () => this.#zoom(1 / zoomStep),
      '=': () => this.#zoom(1 / zoomStep),
      '-': () => this.#zoom(zoomStep),
      '0': () => this.#show(null),
      ArrowLeft: () => (event.shiftKey ? this.#pan(-panStep) : this.#step(-1)),
      ArrowRight: () => (event.shiftKey ? this.#pan(panStep) : this.#step(1)),
      Home: () => this.#choose(this.#sortedMarks()[0]),
      End: () => this.#choose(this.#sortedMarks().at(-1)),
      Enter: () => {
        if (this.#chosen !== undefined) this.#goTo(this.#chosen);
      },
    };
    const wanted = act[event.key];
    if (!wanted) return;
    event.preventDefault();
    event.stopPropagation();
    wanted();
  }

  #sortedMarks(): PictureMark[] {
    return [...this.#marks].sort((left, right) => left.x - right.x);
  }

  #step(by: 1 | -1): void {
    const marks = this.#sortedMarks();
    const at = marks.findIndex((mark) => mark.events[0]?.id === this.#chosen);
    const next = at < 0 ? (by === 1 ? 0 : marks.length - 1) : at + by;
    if (marks[next]) this.#choose(marks[next]);
  }

  #choose(mark: PictureMark | undefined): void {
    const id = mark?.events[0]?.id;
    if (id === this.#chosen) return;
    this.#chosen = id;
    setText(this.#chosenWords, mark ? markWords(mark) : '');
    this.#draw();
  }

  #listenToPointer(): void {
    let grabbed: { x: number; from: number; range: TimeRange; moved: boolean } | undefined;
    this.#plot.addEventListener('pointerdown', (event) => {
      if (event.button === 0) {
        grabbed = { x: event.clientX, from: event.clientX, range: this.#shownRange(), moved: false };
      }
    });
    this.#plot.addEventListener('pointermove', (event) => {
      if (!grabbed || event.buttons === 0) return;
      if (!grabbed.moved && Math.abs(event.clientX - grabbed.from) < dragFrom) return;
      if (!grabbed.moved) this.#plot.setPointerCapture(event.pointerId);
      grabbed.moved = true;
      this.#pan((grabbed.x - event.clientX) / Math.max(1, this.#width - this.#gutter));
      grabbed.x = event.clientX;
    });
    this.#plot.addEventListener('click', (event) => {
      const moved = grabbed?.moved;
      grabbed = undefined;
      const mark = event.target instanceof Element ? event.target.closest<SVGElement>('.mark') : null;
      if (!moved && mark?.dataset.first !== undefined) this.#goTo(mark.dataset.first);
    });
    this.#plot.addEventListener('dblclick', (event) => {
      const x = event.clientX - this.#plot.getBoundingClientRect().left;
      this.#zoom(1 / (zoomStep * zoomStep), this.#instantAt(x));
    });
  }

  /** All of it in words, whatever part of it is drawn. */
  #describe(): void {
    const view = this.#view;
    if (!view) return;
    const [first] = this.#events;
    const last = this.#events.at(-1);
    const parts = [
      first && last ? strings.pictureFrom(localTimeNear(first.at, this.#now), localTimeNear(last.at, this.#now)) : '',
      ...view.phases.map(({ title, from }) => strings.picturePhase(title, localTimeNear(from, this.#now))),
      ...countKinds(this.#events).map(([kind, count]) => strings.kindCount(strings.kind[kind], count)),
      ...view.clocks.flatMap((clock) =>
        clock.dueAt === null
          ? []
          : [
              strings.limit(
                clock.label,
                localTimeNear(clock.dueAt, this.#now),
                strings.standing[clockStanding(clock, this.#now)],
              ),
            ],
      ),
    ];
    setText(this.#words, parts.filter((part) => part !== '').join('. '));
  }
}

function isSameMark(left: PictureMark, right: PictureMark): boolean {
  return left.events.length === right.events.length && left.events.every((event, at) => event === right.events[at]);
}

function markElement(mark: PictureMark): SVGElement {
  const [first] = mark.events;
  const count = mark.events.length;
  const failed = mark.events.some(({ exit }) => exit !== null && exit !== 0);
  const kind = count === 1 ? (first?.kind ?? 'note') : 'many';
  return svgElement(
    'g',
    {
      class: [`mark mark-${kind}`, `mark-in-${mark.lane}`, failed && 'mark-failed'].filter(Boolean).join(' '),
      'data-first': first?.id,
    },
    svgElement('title', {}, markWords(mark)),
    ...(count === 1 ? [target(), shapeOf(kind)] : pill(count)),
  );
}

function markWords({ events }: PictureMark): string {
  const [first] = events;
  const last = events.at(-1);
  if (!first || !last) return '';
  if (events.length === 1) {
    const text = first.body.replace(/\s+/g, ' ').trim();
    const short = text.length > wordLimit ? `${text.slice(0, wordLimit)}…` : text;
    return strings.markOne(
      localTime(first.at),
      first.change ? `${kindLabel(first)} → ${first.change.to}` : kindLabel(first),
      first.by,
      short,
    );
  }
  const kinds = countKinds(events).map(([kind, count]) => strings.kindCount(strings.kind[kind], count));
  return strings.markMany(events.length, localTime(first.at), localTimeNear(last.at, first.at), kinds.join(', '));
}

/** Easier to hit than what is drawn. */
function target(): SVGElement {
  return svgElement('rect', { class: 'mark-target', x: -8, y: -laneHeight / 2, width: markWidth, height: laneHeight });
}

function pill(count: number): SVGElement[] {
  const text = shortCount(count);
  const size = text.length > 2 ? 'pill-count small' : 'pill-count';
  return [
    svgElement('rect', { class: 'pill', x: 0, y: -7, width: markWidth - 1, height: 14, rx: 4 }),
    svgElement('text', { class: size, x: (markWidth - 1) / 2, y: 3.4 }, text),
  ];
}

/** Kinds are told apart by shape as well as by colour. */
function shapeOf(kind: EventView['kind'] | 'many'): SVGElement {
  switch (kind) {
    case 'alert':
    case 'severity':
    case 'impact':
      return svgElement('path', { class: 'shape', d: 'M0 -5.5 5.5 4.5H-5.5z' });
    case 'status':
    case 'message':
      return svgElement('path', { class: 'shape', d: 'M-4 -5.5V6 M-4 -5H5L2.5 -2 5 1H-4' });
    case 'decision':
    case 'acknowledge':
      return svgElement('path', { class: 'shape', d: 'M0 -5.5 5.5 0 0 5.5 -5.5 0z' });
    case 'phase':
    case 'role':
      return svgElement('path', { class: 'shape', d: 'M-3 -5 3 0 -3 5z' });
    case 'action':
    case 'command':
    case 'check':
    case 'commit':
    case 'task':
      return svgElement('rect', { class: 'shape', x: -4, y: -4, width: 8, height: 8, rx: 1 });
    default:
      return svgElement('circle', { class: 'shape', r: 4 });
  }
}
