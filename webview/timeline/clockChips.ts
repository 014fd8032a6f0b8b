import { type ClockStanding, clockStanding } from '../../src/core/clocks.ts';
import { formatDuration } from '../../src/core/time.ts';
import type { ClockView } from '../../src/protocol/timelineView.ts';
import { element, hidden, setAttribute, setChildren, setText } from '../dom.ts';
import { standingIcon } from '../icons.ts';
import { countdown, localTimeNear, stopwatch, utcTime } from '../localTime.ts';
import { strings } from '../strings.ts';

/** What the clock says now, e.g. `26m left`. */
export function clockText(clock: ClockView, standing: ClockStanding, now: number): string {
  const { startedAt, dueAt, stoppedAt } = clock;
  if (stoppedAt !== null) return strings.clock[standing](formatDuration(stoppedAt - startedAt));
  if (dueAt === null) return strings.clock.unlimited(stopwatch(now - startedAt));
  return strings.clock[standing](countdown(standing === 'overdue' ? now - dueAt : dueAt - now));
}

interface Chip {
  readonly element: HTMLElement;
  readonly label: HTMLElement;
  readonly time: HTMLElement;
  readonly standingText: HTMLElement;
  standing: ClockStanding | undefined;
}

/** The clocks of the incident, each with its standing in colour, shape and words. */
export class ClockChips {
  readonly element = element('ul', { class: 'clocks', 'aria-label': strings.clocks });
  readonly #chips = new Map<string, Chip>();
  readonly #standingChanged: (clock: ClockView, standing: ClockStanding, text: string) => void;
  #clocks: readonly ClockView[] = [];

  /** @param standingChanged is told when a clock that was shown before stands otherwise than it did */
  constructor(standingChanged: (clock: ClockView, standing: ClockStanding, text: string) => void) {
    this.#standingChanged = standingChanged;
  }

  update(clocks: readonly ClockView[], now: number): void {
    this.#clocks = clocks;
    const kinds = new Set<string>(clocks.map((clock) => clock.kind));
    for (const kind of this.#chips.keys()) if (!kinds.has(kind)) this.#chips.delete(kind);
    this.tick(now);
    setChildren(
      this.element,
      clocks.flatMap((clock) => this.#chips.get(clock.kind)?.element ?? []),
    );
    this.element.hidden = clocks.length === 0;
  }

  tick(now: number): void {
    for (const clock of this.#clocks) {
      let chip = this.#chips.get(clock.kind);
      if (!chip) {
        chip = makeChip();
        this.#chips.set(clock.kind, chip);
      }
      this.#show(chip, clock, now);
    }
  }

  #show(chip: Chip, clock: ClockView, now: number): void {
    const standing = clockStanding(clock, now);
    const text = clockText(clock, standing, now);
    setText(chip.label, clock.label);
    setText(chip.time, text);
    setAttribute(
      chip.element,
      'title',
      clock.dueAt === null
        ? strings.noLimit
        : `${strings.dueAt(localTimeNear(clock.dueAt, now))}\n${utcTime(clock.dueAt)}`,
    );
    if (chip.standing === standing) return;
    const before = chip.standing;
    chip.standing = standing;
    chip.element.className = `clock clock-${standing}`;
    chip.element.firstElementChild?.replaceWith(standingIcon(standing));
    setText(chip.standingText, ` (${strings.standing[standing]})`);
    if (before !== undefined) this.#standingChanged(clock, standing, text);
  }
}

function makeChip(): Chip {
  const label = element('span', { class: 'clock-label' });
  const time = element('span', { class: 'clock-time' });
  const standingText = hidden('');
  return {
    element: element(
      'li',
      {},
      standingIcon('running'),
      element('span', { class: 'clock-words' }, label, ' ', time, standingText),
    ),
    label,
    time,
    standingText,
    standing: undefined,
  };
}
