import {
  type Button,
  type Checkbox,
  provideVSCodeDesignSystem,
  type TextArea,
  type TextField,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeTextArea,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { setAttribute } from './dom.ts';

/**
 * The form controls of the webviews. The toolkit behind them is archived by its makers, so this is the only file that
 * names it: to exchange it, give these functions another body.
 */

export type ButtonControl = Button;
export type CheckboxControl = Checkbox;
export type TextAreaControl = TextArea;
export type TextFieldControl = TextField;

export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeTextArea(), vsCodeTextField());
}

/**
 * A push button.
 * @param options.appearance `icon` for one without text; then `label` is its name for screen readers
 */
export function makeButton(options: {
  appearance: 'primary' | 'secondary' | 'icon';
  label: string;
  icon?: SVGElement;
  title?: string;
  press: () => void;
}): ButtonControl {
  const button = document.createElement('vscode-button') as Button;
  button.appearance = options.appearance;
  if (options.icon) {
    if (options.appearance !== 'icon') options.icon.setAttribute('slot', 'start');
    button.append(options.icon);
  }
  if (options.appearance === 'icon') setAttribute(button, 'aria-label', options.label);
  else button.append(options.label);
  setAttribute(button, 'title', options.title ?? (options.appearance === 'icon' ? options.label : undefined));
  button.addEventListener('click', () => {
    if (!button.disabled) options.press();
  });
  return button;
}

/**
 * A button that is on or off, as VS Code's own toolbars have them.
 * @param options.press is told what it is to be; whoever owns the state sets `aria-pressed`
 */
export function makeToggle(options: {
  /** None for one that is an icon alone; then the title is its name. */
  label?: string;
  icon: SVGElement;
  title: string;
  press: (pressed: boolean) => void;
}): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'toggle';
  button.title = options.title;
  button.append(options.icon);
  if (options.label !== undefined) {
    const label = document.createElement('span');
    label.textContent = options.label;
    button.append(label);
  }
  if (options.label === undefined) setAttribute(button, 'aria-label', options.title);
  setAttribute(button, 'aria-pressed', 'false');
  button.addEventListener('click', () => options.press(button.getAttribute('aria-pressed') !== 'true'));
  return button;
}

export function makeCheckbox(options: { checked: boolean; change: (checked: boolean) => void }): CheckboxControl {
  const checkbox = document.createElement('vscode-checkbox') as Checkbox;
  checkbox.checked = options.checked;
  checkbox.addEventListener('change', () => options.change(checkbox.checked));
  return checkbox;
}

export function makeTextField(options: {
  label: string;
  placeholder: string;
  input: (value: string) => void;
}): TextFieldControl {
  const field = document.createElement('vscode-text-field') as TextField;
  field.placeholder = options.placeholder;
  // The toolkit names a text control by its content, which it also shows above it: the stylesheet hides that.
  field.textContent = options.label;
  field.addEventListener('input', () => options.input(field.value));
  return field;
}

export function makeTextArea(options: {
  label: string;
  placeholder: string;
  maxLength: number;
  input: (value: string) => void;
}): TextAreaControl {
  const area = document.createElement('vscode-text-area') as TextArea;
  area.placeholder = options.placeholder;
  area.maxlength = options.maxLength;
  area.rows = 1;
  area.textContent = options.label;
  area.addEventListener('input', () => options.input(area.value));
  return area;
}

/** The native text area inside, for measuring how high its text is. */
export function innerTextArea(area: TextAreaControl): HTMLTextAreaElement {
  return area.control;
}
