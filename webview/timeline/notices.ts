import type { TimelineView } from '../../src/protocol/timelineView.ts';
import { makeButton } from '../controls.ts';
import { element, setText } from '../dom.ts';
import { icon } from '../icons.ts';
import { strings } from '../strings.ts';

/** What has to be said about the whole incident: read-only, gone, closed, files that are missing. */
export class Notices {
  readonly element = element('section', { class: 'notices banners', 'aria-label': strings.notices });
  readonly #gone = banner('warning', strings.gone);
  readonly #readOnly = banner('info', strings.readOnly);
  readonly #missing = banner('warning', '');
  readonly #finished = banner('info', '');
  readonly #restore;

  constructor(restore: () => void) {
    this.#restore = makeButton({
      appearance: 'secondary',
      label: strings.restore,
      title: strings.restoreTitle,
      press: restore,
    });
    this.#missing.element.append(this.#restore);
    for (const made of [this.#gone, this.#readOnly, this.#missing, this.#finished]) {
      made.element.hidden = true;
      this.element.append(made.element);
    }
  }

  /** @param missing how many entries are there without their file */
  update(view: TimelineView, missing: number, gone: boolean): void {
    this.#gone.element.hidden = !gone;
    this.#readOnly.element.hidden = gone || !view.readOnly;
    this.#missing.element.hidden = gone || missing === 0;
    setText(this.#missing.text, strings.missing(missing));
    this.#restore.hidden = view.readOnly;
    const { status } = view;
    const ended = status === 'done' || status === 'declined' || status === 'duplicate';
    this.#finished.element.hidden = gone || !view.finished;
    setText(this.#finished.text, strings.finished[ended ? status : 'done']);
  }
}

/** An action that failed, above the composer, where it is seen from anywhere on the page. */
export class Failure {
  readonly element = element('div', { class: 'failure banners', hidden: true });
  readonly #banner = banner('warning', '');

  constructor() {
    this.#banner.element.setAttribute('role', 'alert');
    this.#banner.element.append(
      makeButton({
        appearance: 'icon',
        label: strings.dismiss,
        icon: icon('close'),
        press: () => this.show(undefined),
      }),
    );
    this.element.append(this.#banner.element);
  }

  /** @param message undefined takes it away */
  show(message: string | undefined): void {
    setText(this.#banner.text, message ?? '');
    this.element.hidden = message === undefined;
  }
}

function banner(kind: 'info' | 'warning', message: string): { element: HTMLElement; text: HTMLElement } {
  const text = element('span', { class: 'banner-text' }, message);
  return { element: element('div', { class: `banner banner-${kind}` }, icon(kind), text), text };
}
