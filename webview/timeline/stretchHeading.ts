import { formatDuration } from '../../src/core/time.ts';
import { element, hidden, setAttribute, setText } from '../dom.ts';
import { localDay, localWeekdayShort } from '../localTime.ts';
import { strings } from '../strings.ts';
import type { Stretch } from './stretches.ts';

/** The heading of a stretch: which phase, for how long, on which day. It stays in view as long as the stretch does. */
export class StretchHeading {
  readonly element: HTMLElement;
  readonly #phase = element('span', { class: 'stretch-phase' });
  readonly #length = element('span', { class: 'stretch-length' });
  readonly #dayWords = element('span', { class: 'day-words' });
  /** In a narrow panel the stylesheet shows its short form instead. */
  readonly #day = element('span', { class: 'stretch-day' }, this.#dayWords);

  constructor(stretch: Stretch) {
    this.element = element(
      'h3',
      { class: 'stretch-title', id: `stretch-${stretch.key.replace('/', '-')}` },
      this.#phase,
      this.#length,
      hidden(', '),
      this.#day,
    );
    this.update(stretch);
  }

  update({ span, continued, events }: Stretch): void {
    const title = span?.title ?? strings.beforeFirstPhase;
    setText(this.#phase, continued ? strings.phaseContinued(title) : title);
    const length = span?.to == null || span.to === span.from ? '' : formatDuration(span.to - span.from);
    setText(this.#length, continued ? '' : length);
    const at = events[0]?.at ?? 0;
    setText(this.#dayWords, localDay(at));
    setAttribute(this.#day, 'data-short', localWeekdayShort(at));
  }
}
