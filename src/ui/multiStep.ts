import * as vscode from 'vscode';
import { FirebreakError } from '../core/errors.ts';

/** What a step answered: a value, or that the user wants the step before. */
export type StepResult<T> = { readonly value: T } | 'back';

interface StepPlace {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

export interface InputStep extends StepPlace {
  readonly prompt: string;
  readonly value: string;
  readonly placeholder?: string;
  /** A sentence when the text can't be taken. */
  readonly check?: (text: string) => string | undefined;
}

export interface PickStep<T extends vscode.QuickPickItem> extends StepPlace {
  readonly placeholder: string;
  readonly items: readonly T[];
  /** What takes a moment to be known: added below when it comes. What goes wrong with it is told by whoever began it. */
  readonly later?: Promise<readonly T[]>;
  readonly active?: T | undefined;
}

/**
 * The step that was answered last. It stays on screen until the next one shows: between the two the focus would be back
 * in the editor, and a quick Enter would end up in somebody's file.
 */
let answeredStep: vscode.QuickInput | undefined;

function closeAnsweredStep(): void {
  answeredStep?.dispose();
  answeredStep = undefined;
}

/** Asks for a line of text. @throws FirebreakError `cancelled` on Escape */
export function inputStep(step: InputStep): Promise<StepResult<string>> {
  const input = vscode.window.createInputBox();
  input.prompt = step.prompt;
  input.value = step.value;
  input.placeholder = step.placeholder;
  // Looked at only once it was tried: an empty box that scolds helps nobody.
  input.onDidChangeValue(() => {
    input.validationMessage = undefined;
  });
  return runStep<string>(input, step, (answer) => {
    const problem = step.check?.(input.value);
    if (problem) input.validationMessage = problem;
    else answer(input.value);
  });
}

/** Asks for one of several. @throws FirebreakError `cancelled` on Escape */
export function pickStep<T extends vscode.QuickPickItem>(step: PickStep<T>): Promise<StepResult<T>> {
  const pick = quickPick(step);
  if (step.active) pick.activeItems = [step.active];
  return runStep<T>(pick, step, (answer) => {
    const [chosen] = pick.selectedItems;
    if (chosen) answer(chosen);
  });
}

/** Asks for any number of several, none included. @throws FirebreakError `cancelled` on Escape */
export function pickManyStep<T extends vscode.QuickPickItem>(
  step: PickStep<T> & { readonly selected: readonly T[] },
): Promise<StepResult<readonly T[]>> {
  const pick = quickPick(step);
  pick.canSelectMany = true;
  pick.selectedItems = step.selected;
  return runStep<readonly T[]>(pick, step, (answer) => answer(pick.selectedItems));
}

function quickPick<T extends vscode.QuickPickItem>(step: PickStep<T>): vscode.QuickPick<T> {
  const pick = vscode.window.createQuickPick<T>();
  pick.placeholder = step.placeholder;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = step.items;
  if (step.later) void addLater(pick, step.later);
  return pick;
}

async function addLater<T extends vscode.QuickPickItem>(
  pick: vscode.QuickPick<T>,
  later: Promise<readonly T[]>,
): Promise<void> {
  pick.busy = true;
  const items = await later.catch(() => []);
  const active = pick.activeItems;
  // Whoever is about to press Enter presses it on what they see.
  pick.keepScrollPosition = true;
  if (items.length > 0) pick.items = [...pick.items, ...items];
  pick.activeItems = active;
  pick.busy = false;
}

function runStep<T>(
  input: vscode.QuickInput & {
    buttons: readonly vscode.QuickInputButton[];
    onDidAccept: vscode.Event<void>;
    onDidTriggerButton: vscode.Event<vscode.QuickInputButton>;
  },
  place: StepPlace,
  accept: (answer: (value: T) => void) => void,
): Promise<StepResult<T>> {
  input.title = place.title;
  input.step = place.totalSteps > 1 ? place.step : undefined;
  input.totalSteps = place.totalSteps > 1 ? place.totalSteps : undefined;
  // A look into a log or an editor in the middle must not throw away what was typed.
  input.ignoreFocusOut = true;
  if (place.step > 1) input.buttons = [vscode.QuickInputButtons.Back];
  return new Promise<StepResult<T>>((resolve, reject) => {
    let answered = false;
    const done = (result: StepResult<T>) => {
      if (answered) return;
      answered = true;
      input.busy = true;
      answeredStep = input;
      resolve(result);
    };
    input.onDidAccept(() => accept((value) => done({ value })));
    input.onDidTriggerButton((button) => {
      if (button === vscode.QuickInputButtons.Back) done('back');
    });
    input.onDidHide(() => {
      if (!answered) reject(new FirebreakError('cancelled', 'Cancelled.'));
      input.dispose();
    });
    const before = answeredStep;
    answeredStep = undefined;
    input.show();
    before?.dispose();
  });
}

/**
 * Runs steps in order with a way back; each step keeps its answer in what it closes over.
 * A step returns false to go back to the one before.
 */
export async function runSteps(steps: readonly (() => Promise<boolean>)[]): Promise<void> {
  try {
    for (let index = 0; index < steps.length; ) {
      const forward = await steps[index]?.();
      index = Math.max(0, index + (forward ? 1 : -1));
    }
  } finally {
    closeAnsweredStep();
  }
}

/** One line, asked for alone. @throws FirebreakError `cancelled` on Escape */
export async function askLine(options: {
  title: string;
  prompt: string;
  value?: string;
  required?: string;
  placeholder?: string;
}): Promise<string> {
  const result = await inputStep({
    step: 1,
    totalSteps: 1,
    title: options.title,
    prompt: options.prompt,
    value: options.value ?? '',
    ...(options.placeholder ? { placeholder: options.placeholder } : {}),
    check: (text) => (options.required && text.trim() === '' ? options.required : undefined),
  }).finally(closeAnsweredStep);
  return result === 'back' ? '' : result.value;
}

/** One of several, asked for alone. @throws FirebreakError `cancelled` on Escape */
export async function askOne<T extends vscode.QuickPickItem>(options: {
  title: string;
  placeholder: string;
  items: readonly T[];
  later?: Promise<readonly T[]>;
  active?: T | undefined;
}): Promise<T> {
  const result = await pickStep({ step: 1, totalSteps: 1, ...options }).finally(closeAnsweredStep);
  if (result === 'back') throw new FirebreakError('cancelled', 'Cancelled.');
  return result.value;
}
