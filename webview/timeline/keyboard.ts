import { eventTarget, takesText } from '../dom.ts';

export interface KeyboardActions {
  /** Rows that can be gone to, in order. */
  rows(): HTMLElement[];
  open(row: HTMLElement): void;
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
      if (actions.inComposer(target)) leave(actions.rows());
      else actions.clearFilter();
      if (actions.inFilter(target)) leave(actions.rows());
      return;
    }
    if (takesText(target)) return;
    const row = target?.matches('.event') ? (target as HTMLElement) : undefined;
    if (event.key === '/') actions.focusFilter();
    else if (event.key === 'j' || (row && event.key === 'ArrowDown')) move(actions.rows(), target, 1);
    else if (event.key === 'k' || (row && event.key === 'ArrowUp')) move(actions.rows(), target, -1);
    else if (row && event.key === 'Home') show(actions.rows()[0]);
    else if (row && event.key === 'End') show(actions.rows().at(-1));
    else if (row && event.key === 'Enter') actions.open(row);
    else return;
    event.preventDefault();
  });
}

/** From a field back into the timeline, to the row that the tab key would come to. */
function leave(rows: readonly HTMLElement[]): void {
  const row = rows.find((candidate) => candidate.tabIndex === 0) ?? rows.at(-1);
  if (row) show(row);
  else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

function move(rows: readonly HTMLElement[], target: Element | undefined, step: 1 | -1): void {
  const current = target?.closest<HTMLElement>('.event');
  const at = current ? rows.indexOf(current) : -1;
  // Nothing was chosen yet: begin where the tab key would.
  if (at < 0) leave(rows);
  else show(rows[at + step]);
}

function show(row: HTMLElement | undefined): void {
  if (!row) return;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
}
