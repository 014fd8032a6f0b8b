import type { ClockStanding } from '../src/core/clocks.ts';
import type { EventView } from '../src/protocol/timelineView.ts';

const circle = 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12z';

/** Line icons on a 16×16 grid, drawn with `currentColor` so that they follow the theme. */
const eventPaths: Readonly<Record<EventView['kind'], string>> = {
  note: 'M2.5 3h11v7.5h-5l-3 2.7v-2.7h-3z M5 5.7h6 M5 8h3.5',
  status: 'M2.5 6.5v3h2l6 3v-9l-6 3z M12.8 6.3a2.6 2.6 0 0 1 0 3.4 M5 9.7l.7 3.5h1.5l-.5-2.7',
  decision: 'M8 1.7 14.3 8 8 14.3 1.7 8z M5.7 8.1l1.7 1.7 3-3.4',
  phase: 'M3 4l4 4-4 4 M8.5 4l4 4-4 4',
  severity:
    'M8.3 1.7c.2 2.7 3.9 4.3 3.9 7.9A4.1 4.1 0 0 1 8 13.9a4.1 4.1 0 0 1-4.2-4.3c0-1.7.9-2.8 1.8-3.7.2 1 .6 1.5 1.2 1.8-.2-2.1.2-4.3 1.5-6z',
  role: 'M8 8a2.7 2.7 0 1 0 0-5.4A2.7 2.7 0 0 0 8 8z M2.8 13.7c.5-2.6 2.6-3.9 5.2-3.9s4.7 1.3 5.2 3.9',
  acknowledge: `${circle} M5.3 8.2l1.9 1.9 3.5-3.9`,
  impact: `${circle} M8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z`,
  hypothesis: 'M6 11.5h4 M6.5 13.8h3 M6 11.5c0-1.6-2-2.4-2-5a4 4 0 0 1 8 0c0 2.6-2 3.4-2 5',
  check: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z M10.3 10.3 14 14',
  action: 'M9 1.8 3.5 9H8l-1 5.2L12.5 7H8z',
  task: 'M3 3h10v10H3z M5.5 8.1l1.8 1.7 3.2-3.5',
  command: 'M2 3h12v10H2z M4.5 6l2 2-2 2 M8.2 10.2h3.3',
  commit: 'M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6z M1.5 8h3.7 M10.8 8h3.7',
  alert: 'M3.3 11.5c1.1-1 1.4-2 1.4-4.2a3.3 3.3 0 0 1 6.6 0c0 2.2.3 3.2 1.4 4.2z M6.7 13.6a1.4 1.4 0 0 0 2.6 0',
  message: 'M2 3.5h12v9H2z M2 4.5 8 9l6-4.5',
  pin: 'M5.5 2h5 M6.5 2v4.5L4.5 9h7l-2-2.5V2 M8 9v5',
  correction: 'M3 13l.7-3 6.8-6.8 2.3 2.3L6 12.3z M9 4.7 11.3 7',
  retraction: `${circle} M3.8 3.8l8.4 8.4`,
  unknown: `${circle} M6.3 6.3a1.7 1.7 0 1 1 2.5 1.6c-.6.3-.8.6-.8 1.2 M8 11.2v.1`,
};

const clock = `${circle} M8 4.7V8l2.3 1.4`;
const standingPaths: Readonly<Record<ClockStanding, string>> = {
  unlimited: clock,
  running: clock,
  soon: 'M8 2.3 14.3 13.5H1.7z M8 6.5v3.3 M8 11.6v.1',
  overdue: `${circle} M8 4.7v4 M8 11v.1`,
  met: `${circle} M5.3 8.2l1.9 1.9 3.5-3.9`,
  missed: `${circle} M5.8 5.8l4.4 4.4 M10.2 5.8l-4.4 4.4`,
};

const otherPaths = {
  lock: 'M3.5 7.5h9v6h-9z M5.5 7.5V5.3a2.5 2.5 0 0 1 5 0v2.2',
  file: 'M9 2H4v12h8V5z M9 2v3h3',
  edit: 'M3 13l.7-3 6.8-6.8 2.3 2.3L6 12.3z M9 4.7 11.3 7',
  warning: standingPaths.soon,
  info: `${circle} M8 7.5v3.7 M8 4.9v.1`,
  close: 'M4 4l8 8 M12 4l-8 8',
  down: 'M8 3v9.5 M4 8.5l4 4 4-4',
  pin: eventPaths.pin,
  retract: eventPaths.retraction,
  image: 'M2 3h12v10H2z M2.5 11.5 6 8l2.5 2.5L11 8l3 3 M10.5 6.3v.1',
  link: 'M6.8 9.2a2.5 2.5 0 0 0 3.6 0l2.3-2.3a2.5 2.5 0 0 0-3.6-3.6L8 4.4 M9.2 6.8a2.5 2.5 0 0 0-3.6 0L3.3 9.1a2.5 2.5 0 0 0 3.6 3.6L8 11.6',
  select: 'M3 3h10v10H3z M5.5 8.1l1.8 1.7 3.2-3.5',
  more: 'M3 8a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0z M7.5 8a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0z M12 8a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0z',
  export: 'M8 10V2.5 M4.8 5.5 8 2.3l3.2 3.2 M3 8.5v5h10v-5',
  follow: 'M8 2v7.5 M4.5 6.2 8 9.7l3.5-3.5 M3 13.5h10',
  picture: 'M2.5 2.5v11h11 M5 10.5h3 M6.5 7.5h4 M9.5 4.5h3.5',
  zoomIn: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z M10.3 10.3 14 14 M7 5v4 M5 7h4',
  zoomOut: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z M10.3 10.3 14 14 M5 7h4',
  fit: 'M2 3v10 M14 3v10 M4 8h8 M6 6 4 8l2 2 M10 6l2 2-2 2',
  chevron: 'M4 6l4 4 4-4',
  outside: 'M9.5 2.5h4v4 M13.3 2.7 7.5 8.5 M11.5 9v4.5h-9v-9H7',
  restore: 'M3.2 8.5a4.9 4.9 0 1 0 1.5-3.7L3 6.3 M3 2.5v3.8h3.8',
} as const;

export type OtherIcon = keyof typeof otherPaths;

export const eventIcon = (kind: EventView['kind']): SVGElement => draw(eventPaths[kind]);
export const standingIcon = (standing: ClockStanding): SVGElement => draw(standingPaths[standing]);
export const icon = (name: OtherIcon): SVGElement => draw(otherPaths[name]);

const svg = 'http://www.w3.org/2000/svg';

const drawn = new Map<string, SVGElement>();

/** A copy of the icon: a thousand rows have two thousand of them, and copying is much cheaper than building. */
function draw(path: string): SVGElement {
  const known = drawn.get(path) ?? build(path);
  drawn.set(path, known);
  return known.cloneNode(true) as SVGElement;
}

/** An icon says nothing that the text beside it doesn't, so it is hidden from screen readers. */
function build(path: string): SVGElement {
  const image = document.createElementNS(svg, 'svg');
  for (const [name, value] of [
    ['class', 'icon'],
    ['viewBox', '0 0 16 16'],
    ['width', '16'],
    ['height', '16'],
    ['aria-hidden', 'true'],
    ['fill', 'none'],
    ['stroke', 'currentColor'],
    ['stroke-width', '1.2'],
    ['stroke-linecap', 'round'],
    ['stroke-linejoin', 'round'],
  ] as const) {
    image.setAttribute(name, value);
  }
  const line = document.createElementNS(svg, 'path');
  line.setAttribute('d', path);
  image.append(line);
  return image;
}
