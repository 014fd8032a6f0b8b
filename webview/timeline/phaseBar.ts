import { type Phase, phaseIndex, phases } from '../../src/core/phase.ts';
import { formatDuration, second } from '../../src/core/time.ts';
import type { PhaseSpanView, TimelineView } from '../../src/protocol/timelineView.ts';
import { element, hidden, setAttribute, setText } from '../dom.ts';
import { localTimeNear } from '../localTime.ts';
import { strings } from '../strings.ts';

/** The least width of a segment, as the stylesheet has it, with its gap (CSS pixels). */
const segmentWidth = 76;
const aheadWidth = 17;

/** The phases that the incident went through, as wide as they were long, then those that are ahead. */
export class PhaseBar {
  readonly element = element('ol', { class: 'phases', 'aria-label': strings.phases });
  #shown = '';
  #ahead = 0;
  #wanted = true;
  #spans: readonly PhaseSpanView[] = [];
  #segments: { readonly element: HTMLElement; readonly duration: HTMLElement }[] = [];

  update(view: TimelineView, now: number): void {
    const shown = JSON.stringify([view.phases, view.phase, view.finished]);
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#spans = view.phases;
      this.#segments = view.phases.map((span) => segment(span));
      const ahead: readonly Phase[] = view.finished ? [] : phases.slice(phaseIndex(view.phase) + 1);
      this.element.replaceChildren(...this.#segments.map((made) => made.element), ...ahead.map(aheadSegment));
      this.#showElement();
      this.#ahead = ahead.length;
      // Asked now, the width would cost a layout of the whole page before its entries are in it.
      requestAnimationFrame(() => this.#fit());
    }
    this.tick(now);
  }

  /** @param wanted false where something else shows the phases */
  setWanted(wanted: boolean): void {
    this.#wanted = wanted;
    this.#showElement();
  }

  #showElement(): void {
    this.element.hidden = !this.#wanted || this.#spans.length === 0;
  }

  constructor() {
    new ResizeObserver(() => this.#fit()).observe(this.element);
  }

  /** Lengths to scale make sense only within one line. */
  #fit(): void {
    const needed = this.#segments.length * segmentWidth + this.#ahead * aheadWidth;
    this.element.classList.toggle('stepped', needed > this.element.clientWidth);
  }

  tick(now: number): void {
    for (const [index, span] of this.#spans.entries()) {
      const made = this.#segments[index];
      if (!made) continue;
      const length = Math.max(0, (span.to ?? now) - span.from);
      const duration = formatDuration(length);
      if (span.phase === 'closed') continue;
      setText(made.duration, duration);
      // Written through the object model: style attributes are against the page's content policy.
      made.element.style.setProperty('--length', String(Math.max(1, Math.round(length / second))));
      const from = localTimeNear(span.from, now);
      setAttribute(
        made.element,
        'title',
        span.to === null
          ? strings.phaseSince(span.title, duration, from)
          : strings.phaseSpan(span.title, duration, from, localTimeNear(span.to, span.from)),
      );
    }
  }
}

function segment(span: PhaseSpanView): { element: HTMLElement; duration: HTMLElement } {
  const current = span.to === null || span.phase === 'closed';
  const duration = element('span', { class: 'phase-duration' });
  return {
    duration,
    element: element(
      'li',
      { class: current ? 'phase phase-current' : 'phase phase-past', 'aria-current': current ? 'step' : undefined },
      element('span', { class: 'phase-track' }),
      element('span', { class: 'phase-name' }, span.title),
      ' ',
      duration,
      hidden(` (${current ? strings.phaseNow : strings.phasePast})`),
    ),
  };
}

function aheadSegment(phase: Phase): HTMLElement {
  return element(
    'li',
    { class: 'phase phase-ahead', title: strings.phaseNext(strings.phase[phase]) },
    element('span', { class: 'phase-track' }),
    hidden(strings.phaseNext(strings.phase[phase])),
  );
}
