import { second } from '../../src/core/time.ts';
import { isOutsideAddress, messageLimits } from '../../src/protocol/timelineMessages.ts';
import type { EntryFormState } from '../../src/protocol/timelinePanelState.ts';
import type { EventView } from '../../src/protocol/timelineView.ts';
import { type ButtonControl, makeButton } from '../controls.ts';
import { element, setText } from '../dom.ts';
import { localTime } from '../localTime.ts';
import { strings } from '../strings.ts';
import { kindLabel } from './eventPhrase.ts';

/** How long a change may wait for an answer before it can be sent again. */
const patience = 15 * second;

export type EntryChange =
  | { readonly type: 'correct'; readonly id: string; readonly text: string; readonly at: number | null }
  | { readonly type: 'retract'; readonly id: string; readonly reason: string }
  | { readonly type: 'addNote'; readonly text: string; readonly about: string };

/**
 * Where an entry is corrected, taken back, or given a link. It stands at the foot of the page and not in the entry's row,
 * which leaves the page when it is scrolled away.
 */
export class EntryForm {
  readonly element: HTMLElement;
  readonly #title = element('h2', { class: 'form-title', id: 'form-title' });
  readonly #text = element('textarea', {
    class: 'input',
    rows: '3',
    maxlength: String(messageLimits.note),
    id: 'form-text',
  });
  readonly #textLabel = element('label', { for: 'form-text' });
  readonly #field = element('input', { class: 'input', id: 'form-field' });
  readonly #fieldLabel = element('label', { for: 'form-field' });
  readonly #problem = element('p', { class: 'composer-problem', role: 'alert', hidden: true });
  readonly #save: ButtonControl;
  readonly #drafted: (state: EntryFormState | null) => void;
  readonly #send: (change: EntryChange) => number;
  readonly #closed: (event: string | undefined) => void;
  #state: EntryFormState | null = null;
  #event: EventView | undefined;
  #pending: { readonly request: number; readonly timer: ReturnType<typeof setTimeout> } | undefined;

  constructor(options: {
    /** What is to be kept of it over reloads. */
    drafted: (state: EntryFormState | null) => void;
    /** @returns the number of the request */
    send: (change: EntryChange) => number;
    /** @param event the entry that it was about */
    closed: (event: string | undefined) => void;
  }) {
    this.#drafted = options.drafted;
    this.#send = options.send;
    this.#closed = options.closed;
    this.#save = makeButton({ appearance: 'primary', label: strings.save, press: () => this.#submit() });
    const cancel = makeButton({ appearance: 'secondary', label: strings.cancel, press: () => this.close() });
    this.element = element(
      'section',
      { class: 'composer entry-form', 'aria-labelledby': 'form-title', hidden: true },
      this.#title,
      this.#problem,
      element('div', { class: 'form-field' }, this.#fieldLabel, this.#field),
      element('div', { class: 'form-field' }, this.#textLabel, this.#text),
      element('div', { class: 'form-buttons' }, this.#save, cancel),
    );
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
      else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey || event.target === this.#field))
        this.#submit();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    for (const input of [this.#text, this.#field]) input.addEventListener('input', () => this.#edited());
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** @param kept what was typed before, where it is taken up again */
  open(kind: EntryFormState['kind'], event: EventView, kept?: EntryFormState): void {
    const words = strings.form[kind];
    this.#event = event;
    setText(this.#title, words.title(kindLabel(event), event.by, localTime(event.at)));
    setText(this.#textLabel, words.text);
    setText(this.#save, words.save);
    const field = 'field' in words ? words.field : '';
    setText(this.#fieldLabel, field);
    const holder = this.#field.parentElement;
    if (holder) holder.hidden = field === '';
    this.#field.type = kind === 'correct' ? 'datetime-local' : 'url';
    this.#field.step = kind === 'correct' ? '1' : '';
    this.#field.value = kept?.field ?? (kind === 'correct' ? localInput(event.at) : '');
    this.#text.value = kept?.text ?? (kind === 'correct' ? event.body : '');
    this.#state = { kind, event: event.id, text: this.#text.value, field: this.#field.value };
    this.#say('');
    this.#settle();
    this.element.hidden = false;
    this.#drafted(this.#state);
    if (!kept) (kind === 'link' ? this.#field : this.#text).focus();
  }

  close(): void {
    if (!this.isOpen) return;
    const event = this.#event?.id;
    this.#settle();
    this.#event = undefined;
    this.#state = null;
    this.element.hidden = true;
    this.#drafted(null);
    this.#closed(event);
  }

  /** What this request wanted is on disk. */
  written(request: number): void {
    if (this.#pending?.request === request) this.close();
  }

  /** @returns whether the failure was this form's */
  failed(request: number | null, message: string): boolean {
    if (request === null || this.#pending?.request !== request) return false;
    this.#settle();
    this.#say(message);
    return true;
  }

  #edited(): void {
    if (!this.#state) return;
    this.#state = { ...this.#state, text: this.#text.value, field: this.#field.value };
    this.#drafted(this.#state);
    this.#say('');
  }

  #submit(): void {
    if (!this.#state || !this.#event || this.#pending) return;
    const change = this.#change(this.#state, this.#event);
    if (typeof change === 'string') {
      this.#say(change);
      return;
    }
    this.#say('');
    const request = this.#send(change);
    this.#pending = { request, timer: setTimeout(() => this.failed(request, strings.formUnanswered), patience) };
    this.#save.disabled = true;
  }

  /** @returns what is wrong with it, where something is */
  #change({ kind }: EntryFormState, event: EventView): EntryChange | string {
    const text = this.#text.value.trim();
    switch (kind) {
      case 'retract':
        return { type: 'retract', id: event.id, reason: text };
      case 'link': {
        const address = this.#field.value.trim();
        if (!isOutsideAddress(address)) return strings.noAddress;
        const words = text.replace(/\s+/g, ' ').replace(/[[\]\\]/g, '\\$&');
        return { type: 'addNote', text: words === '' ? `<${address}>` : `[${words}](<${address}>)`, about: event.id };
      }
      case 'correct': {
        const at = instantOf(this.#field.value);
        if (at === undefined) return strings.noTime;
        // The field knows no parts of seconds.
        const moved = Math.floor(at / second) !== Math.floor(event.at / second);
        const changed = text !== event.body.trim();
        if (!moved && !changed) return strings.nothingCorrected;
        if (changed && text === '') return strings.emptyCorrection;
        return {
          type: 'correct',
          id: event.id,
          text: changed ? text : '',
          at: moved || event.writtenAt !== null ? at : null,
        };
      }
    }
  }

  #settle(): void {
    if (this.#pending) clearTimeout(this.#pending.timer);
    this.#pending = undefined;
    this.#save.disabled = false;
  }

  #say(message: string): void {
    setText(this.#problem, message);
    this.#problem.hidden = message === '';
  }
}

/** As a field for date and time has it: the local clock, `2025-09-23T16:32:10`. */
function localInput(epochMs: number): string {
  const local = new Date(epochMs - new Date(epochMs).getTimezoneOffset() * 60 * second);
  return local.toISOString().slice(0, 19);
}

function instantOf(value: string): number | undefined {
  const at = value === '' ? Number.NaN : new Date(value).getTime();
  return Number.isNaN(at) ? undefined : at;
}
