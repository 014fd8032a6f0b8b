import { second } from '../../src/core/time.ts';
import { imageEndings, messageLimits } from '../../src/protocol/timelineMessages.ts';
import type { EventView } from '../../src/protocol/timelineView.ts';
import { type ButtonControl, innerTextArea, makeButton, makeTextArea, type TextAreaControl } from '../controls.ts';
import { element, setText } from '../dom.ts';
import { icon } from '../icons.ts';
import { strings } from '../strings.ts';

/** How long a note may wait for an answer before it can be sent again. */
const patience = 15 * second;

interface Pending {
  readonly request: number;
  readonly text: string;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** Where a note is written. Its text is cleared only when the note is known to be on the timeline. */
export class Composer {
  readonly element: HTMLElement;
  readonly #area: TextAreaControl;
  readonly #button: ButtonControl;
  readonly #problem = element('p', { class: 'composer-problem', role: 'alert', hidden: true });
  readonly #drafted: (draft: string) => void;
  readonly #send: (text: string, request: number) => void;
  #pending: Pending | undefined;
  readonly #nextRequest: () => number;

  constructor(options: {
    draft: string;
    drafted: (draft: string) => void;
    send: (text: string, request: number) => void;
    nextRequest: () => number;
    /** Takes an image that was pasted, or asks for one; the answer comes by `insert`. */
    image: (pasted: File | undefined) => void;
  }) {
    this.#drafted = options.drafted;
    this.#send = options.send;
    this.#nextRequest = options.nextRequest;
    this.#area = makeTextArea({
      label: strings.note,
      placeholder: strings.notePlaceholder,
      maxLength: messageLimits.note,
      input: () => this.#edited(),
    });
    this.#area.value = options.draft;
    this.#button = makeButton({ appearance: 'primary', label: strings.addNote, press: () => this.submit() });
    this.element = element(
      'section',
      { class: 'composer', 'aria-label': strings.note },
      this.#problem,
      element(
        'div',
        { class: 'composer-row' },
        this.#area,
        element(
          'div',
          { class: 'composer-side' },
          makeButton({
            appearance: 'icon',
            label: strings.insertImage,
            icon: icon('image'),
            press: () => options.image(undefined),
          }),
          this.#button,
          element('span', { class: 'hint', 'aria-hidden': 'true' }, strings.noteKeys(/Mac/.test(navigator.platform))),
        ),
      ),
    );
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.submit();
    });
    this.element.addEventListener('paste', (event) => {
      const image = imageIn(event.clipboardData);
      if (!image) return;
      event.preventDefault();
      options.image(image);
    });
    this.#showState();
    requestAnimationFrame(() => this.#fit());
  }

  /** Puts text where the caret is. */
  insert(text: string): void {
    const inner = innerTextArea(this.#area);
    const { selectionStart, selectionEnd, value } = inner;
    const before = value.slice(0, selectionStart);
    const apart = before === '' || before.endsWith('\n') ? '' : '\n\n';
    this.#area.value = `${before}${apart}${text}${value.slice(selectionEnd)}`;
    this.#edited();
    this.#area.focus();
  }

  focus(): void {
    this.#area.focus();
  }

  /** Something about what is being written did not work. */
  say(message: string): void {
    this.#say(message);
  }

  contains(target: Element | undefined): boolean {
    return target?.getRootNode() === this.#area.shadowRoot;
  }

  submit(): void {
    const text = this.#area.value.trim();
    if (text === '' || this.#pending) return;
    const request = this.#nextRequest();
    const timer = setTimeout(() => this.failed(request, strings.noteUnanswered), patience);
    this.#pending = { request, text, timer };
    this.#say('');
    this.#showState();
    this.#send(text, request);
  }

  /** The note of this request is on disk. */
  added(request: number): void {
    if (this.#pending?.request !== request) return;
    const { text } = this.#pending;
    this.#settle();
    // What was typed on while the note was under way is a draft of its own.
    const now = this.#area.value;
    const rest = now.trim() === text ? '' : now.trimStart().startsWith(text) ? now.trimStart().slice(text.length) : now;
    this.#area.value = rest.trimStart();
    this.#edited();
  }

  /** An event came in: where it is the note that waits, that is as good as an answer. */
  seen(event: EventView): void {
    if (this.#pending && event.kind === 'note' && event.body.trim() === this.#pending.text) {
      this.added(this.#pending.request);
    }
  }

  /** @returns whether the failure was this composer's */
  failed(request: number | null, message: string): boolean {
    if (request === null || this.#pending?.request !== request) return false;
    this.#settle();
    this.#say(message);
    this.#showState();
    return true;
  }

  #settle(): void {
    if (this.#pending) clearTimeout(this.#pending.timer);
    this.#pending = undefined;
  }

  #edited(): void {
    this.#drafted(this.#area.value);
    this.#showState();
    this.#fit();
  }

  #say(message: string): void {
    setText(this.#problem, message);
    this.#problem.hidden = message === '';
  }

  #showState(): void {
    this.#button.disabled = this.#pending !== undefined || this.#area.value.trim() === '';
    setText(this.#button, this.#pending ? strings.addingNote : strings.addNote);
  }

  /** As high as its text, up to what the stylesheet allows. */
  #fit(): void {
    const inner = innerTextArea(this.#area);
    inner.style.height = 'auto';
    inner.style.height = `${inner.scrollHeight + inner.offsetHeight - inner.clientHeight}px`;
  }
}

function imageIn(clipboard: DataTransfer | null): File | undefined {
  return [...(clipboard?.files ?? [])].find((file) => file.type in imageEndings);
}
