import type { EntryFormState } from '../../src/protocol/timelinePanelState.ts';
import type { EventView } from '../../src/protocol/timelineView.ts';
import { strings } from '../strings.ts';
import type { MenuEntry } from './popupMenu.ts';

/** What can be done with an entry. */
export interface EntryActions {
  openFile(id: string): void;
  pin(ids: readonly string[], pinned: boolean): void;
  form(kind: EntryFormState['kind'], event: EventView): void;
  attachImage(event: EventView): void;
  select(id: string, selected: boolean): void;
}

export interface EntryStanding {
  readonly event: EventView;
  readonly readOnly: boolean;
  readonly retracted: boolean;
  readonly selected: boolean;
}

/** The keys that act on the entry with the focus, as `entryKey` knows them. */
const keys = { pin: 'P', correct: 'E', retract: 'Del', link: 'L', select: 'X', open: '↵' } as const;

export function entryMenu({ event, readOnly, retracted, selected }: EntryStanding, actions: EntryActions): MenuEntry[] {
  const correctable = !readOnly && !retracted && event.kind !== 'retraction';
  const about = !readOnly && event.replaces === null;
  return [
    ...(readOnly ? [] : [pinEntry(event, actions)]),
    ...(correctable ? [entry(strings.correct, 'edit', keys.correct, () => actions.form('correct', event))] : []),
    ...(!readOnly && !retracted
      ? [entry(strings.retract, 'retract', keys.retract, () => actions.form('retract', event))]
      : []),
    ...(about ? [entry(strings.attachImage, 'image', undefined, () => actions.attachImage(event))] : []),
    ...(about ? [entry(strings.addLink, 'link', keys.link, () => actions.form('link', event))] : []),
    entry(selected ? strings.unselect : strings.select, 'select', keys.select, () =>
      actions.select(event.id, !selected),
    ),
    ...(event.hasFile ? [entry(strings.openFile, 'file', keys.open, () => actions.openFile(event.id))] : []),
  ];
}

/** Does what a key stands for. @returns false for a key that stands for nothing here */
export function entryKey(key: string, standing: EntryStanding, actions: EntryActions): boolean {
  const wanted = { p: keys.pin, e: keys.correct, Delete: keys.retract, l: keys.link, x: keys.select }[key];
  const found = wanted && entryMenu(standing, actions).find((one) => one.key === wanted);
  found?.press();
  return found !== undefined;
}

function pinEntry(event: EventView, actions: EntryActions): MenuEntry {
  const label = event.pinned ? strings.unpin : strings.pin;
  return entry(label, 'pin', keys.pin, () => actions.pin([event.id], !event.pinned));
}

function entry(
  label: string,
  icon: NonNullable<MenuEntry['icon']>,
  key: string | undefined,
  press: () => void,
): MenuEntry {
  return { label, icon, press, ...(key === undefined ? {} : { key }) };
}
