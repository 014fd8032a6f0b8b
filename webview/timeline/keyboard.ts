import { eventTarget, takesText } from '../dom.ts';

/** Entries. */
const page = 10;

export interface KeyboardActions {
  /** The ids of the entries that can be gone to, in order. */
  shown(): readonly string[];
  /** The entry that the tab key comes to. */
  current(): string | undefined;
  focus(id: string | undefined): void;
  open(id: string): void;
  /** A key that acts on an entry. @returns whether it did */
  act(id: string, key: string): boolean;
  focusFilter(): void;
  clearFilter(): void;
  inFilter(target: Element | undefined): boolean;
  inComposer(target: Element | undefined): boolean;
}

/** The page's keys. What is typed into a field stays there, except Escape. */
export function listenToKeys(actions: KeyboardActions): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const target = eventTarget(event);
    if (event.key === 'Escape') {
      if (actions.inComposer(target)) leave(actions);
      else actions.clearFilter();
      if (actions.inFilter(target)) leave(actions);
      return;
    }
    if (takesText(target)) return;
    const row = target?.matches('.event') ? (target as HTMLElement).dataset.event : undefined;
    if (event.key === '/') actions.focusFilter();
    else if (event.key === 'j' || (row && event.key === 'ArrowDown')) move(actions, target, 1);
    else if (event.key === 'k' || (row && event.key === 'ArrowUp')) move(actions, target, -1);
    else if (row && event.key === 'PageDown') move(actions, target, page);
    else if (row && event.key === 'PageUp') move(actions, target, -page);
    else if (row && event.key === 'Home') actions.focus(actions.shown()[0]);
    else if (row && event.key === 'End') actions.focus(actions.shown().at(-1));
    else if (row && event.key === 'Enter') actions.open(row);
    else if (!row || !actions.act(row, event.key)) return;
    event.preventDefault();
  });
}

/** From a field back into the timeline, to the row that the tab key would come to. */
function leave(actions: KeyboardActions): void {
  const current = actions.current();
  if (current !== undefined) actions.focus(current);
  else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

function move(actions: KeyboardActions, target: Element | undefined, step: number): void {
  const shown = actions.shown();
  const current = target?.closest<HTMLElement>('.event')?.dataset.event;
  const at = current === undefined ? -1 : shown.indexOf(current);
  // Nothing was chosen yet: begin where the tab key would.
  if (at < 0) leave(actions);
  else actions.focus(shown[Math.max(0, Math.min(at + step, shown.length - 1))]);
}
