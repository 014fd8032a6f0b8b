import type { ClockStanding } from '../../src/core/clocks.ts';
import type { TimelineCommand } from '../../src/protocol/timelineMessages.ts';
import type { ClockView, TimelineView } from '../../src/protocol/timelineView.ts';
import { type ButtonControl, makeButton, makeToggle } from '../controls.ts';
import { element, hidden, setAttribute, setText } from '../dom.ts';
import { icon } from '../icons.ts';
import { stopwatch } from '../localTime.ts';
import { strings } from '../strings.ts';
import { ClockChips } from './clockChips.ts';
import { IncidentPicture } from './incidentPicture.ts';
import { nextSteps } from './nextSteps.ts';
import { PhaseBar } from './phaseBar.ts';

export interface HeaderActions {
  run(command: TimelineCommand): void;
  openIncident(): void;
  standingChanged(clock: ClockView, standing: ClockStanding, text: string): void;
  goTo(event: string): void;
  pictureShown(shown: boolean): void;
}

/** What the incident is and how it stands. Its elements stay; updates change their words. */
export class Header {
  readonly element: HTMLElement;
  /** The part that nobody must be without. */
  readonly titleLine: HTMLElement;
  readonly #badge = element('span', { class: 'severity' });
  readonly #title = element('h1', { class: 'title', dir: 'auto' });
  readonly #elapsedTime = element('span', { class: 'elapsed-time' });
  readonly #elapsedWhat = element('span', { class: 'elapsed-what' });
  readonly #elapsed = element('p', { class: 'elapsed' }, this.#elapsedTime, ' ', this.#elapsedWhat);
  readonly #id = element('button', { type: 'button', class: 'link id', title: strings.openIncident });
  readonly #phase = element('span');
  readonly #phaseFact = element('span', { class: 'fact phase-fact' }, hidden(`${strings.phaseName}: `), this.#phase);
  readonly #private = element(
    'span',
    { class: 'fact private', title: strings.privateTitle },
    icon('lock'),
    strings.private,
  );
  readonly #service = element('span', { class: 'value', dir: 'auto' });
  readonly #serviceFact = fact(strings.service, this.#service);
  readonly #criteria = element('span', { class: 'value' });
  readonly #criteriaFact = fact(strings.criteria, this.#criteria);
  readonly #github = element('button', { type: 'button', class: 'link github' });
  readonly #problemCount = element('span');
  readonly #problems = element(
    'button',
    { type: 'button', class: 'link problems', title: strings.problemsTitle },
    icon('warning'),
    this.#problemCount,
  );
  readonly #roles = element('span', { class: 'role-list' });
  readonly #changeSeverity: ButtonControl;
  readonly #assignRole: ButtonControl;
  #steps = '';
  readonly #run: (command: TimelineCommand) => void;
  readonly #actions = element('div', { class: 'actions', role: 'group', 'aria-label': strings.actions });
  readonly #clocks: ClockChips;
  readonly #phaseBar = new PhaseBar();
  readonly picture: IncidentPicture;
  readonly #pictureToggle: HTMLButtonElement;
  #view: TimelineView | undefined;

  /** @param pictureShown whether the incident over time is shown, else its phases alone */
  constructor(actions: HeaderActions, pictureShown: boolean) {
    this.#run = (command) => actions.run(command);
    const edit = (command: TimelineCommand, label: string) =>
      makeButton({ appearance: 'icon', label, icon: icon('edit'), press: () => actions.run(command) });
    this.#changeSeverity = edit('changeSeverity', strings.changeSeverity);
    this.#assignRole = edit('assignRole', strings.assignRole);
    this.#clocks = new ClockChips((clock, standing, text) => actions.standingChanged(clock, standing, text));

    this.picture = new IncidentPicture((id) => actions.goTo(id));
    this.#pictureToggle = makeToggle({
      icon: icon('picture'),
      title: strings.pictureShow,
      press: (shown) => {
        this.#showPicture(shown);
        actions.pictureShown(shown);
      },
    });
    this.#showPicture(pictureShown);

    this.#id.addEventListener('click', () => actions.openIncident());
    this.#github.addEventListener('click', () => actions.run('openOnGitHub'));
    this.#problems.addEventListener('click', () => actions.run('showProblems'));

    this.titleLine = element(
      'div',
      { class: 'title-line' },
      element('span', { class: 'severity-box' }, this.#badge, this.#changeSeverity),
      this.#title,
      this.#elapsed,
    );
    this.element = element(
      'header',
      { class: 'header', 'aria-label': strings.header },
      this.titleLine,
      element(
        'div',
        { class: 'facts' },
        this.#phaseFact,
        this.#private,
        this.#id,
        this.#github,
        this.#problems,
        element(
          'div',
          { class: 'facts roles', role: 'group', 'aria-label': strings.roles },
          this.#roles,
          this.#assignRole,
        ),
        this.#serviceFact,
        this.#criteriaFact,
      ),
      this.#actions,
      this.#clocks.element,
      element('div', { class: 'over-time' }, this.#phaseBar.element, this.picture.element, this.#pictureToggle),
    );
  }

  #showPicture(shown: boolean): void {
    setAttribute(this.#pictureToggle, 'aria-pressed', String(shown));
    this.picture.element.hidden = !shown;
    this.#phaseBar.setWanted(!shown);
  }

  update(view: TimelineView, now: number, changeable: boolean): void {
    this.#view = view;
    setText(this.#badge, view.severity);
    setAttribute(this.#badge, 'class', `severity severity-${view.severity.toLowerCase()}`);
    setText(this.#title, view.title);
    setText(this.#phase, view.phaseTitle);
    this.#private.hidden = !view.private;
    setText(this.#id, view.id);
    this.#github.hidden = view.github === null;
    if (view.github) {
      setText(this.#github, view.github.text);
      setAttribute(this.#github, 'title', strings.openOnGitHub(view.github.text));
    }
    this.#problems.hidden = view.problems === 0;
    setText(this.#problemCount, strings.problems(view.problems));
    this.#serviceFact.hidden = view.service === null;
    setText(this.#service, view.service ?? '');
    this.#criteriaFact.hidden = view.criteria.length === 0;
    setText(this.#criteria, view.criteria.join(', '));
    this.#roles.replaceChildren(
      ...(view.roles.length === 0
        ? [element('span', { class: 'fact quiet' }, strings.noRoles)]
        : view.roles.map(({ role, who }) =>
            fact(strings.role[role], element('span', { class: 'value', dir: 'auto' }, who)),
          )),
    );

    this.#actions.hidden = !changeable;
    this.#changeSeverity.hidden = !changeable || view.finished;
    this.#assignRole.hidden = !changeable || view.finished;
    this.#showSteps(view);

    this.#clocks.update(view.clocks, now);
    this.#phaseBar.update(view, now);
    this.tick(now);
  }

  /** The buttons stay as long as they are the same ones, so that the focus does. */
  #showSteps(view: TimelineView): void {
    const steps = nextSteps(view);
    const shown = JSON.stringify(steps);
    if (shown === this.#steps) return;
    const focused = this.#actions.contains(document.activeElement);
    this.#steps = shown;
    const buttons = steps.map(({ command, label }, index) => {
      const appearance = index === 0 && !view.finished ? 'primary' : 'secondary';
      return makeButton({ appearance, label, press: () => this.#run(command) });
    });
    const more = makeButton({
      appearance: 'icon',
      label: strings.moreActions,
      icon: icon('more'),
      press: () => this.#run('incidentActions'),
    });
    this.#actions.replaceChildren(...buttons, ...(view.finished ? [] : [more]));
    if (focused) requestAnimationFrame(() => buttons[0]?.focus());
  }

  tick(now: number): void {
    if (!this.#view) return;
    this.#clocks.tick(now);
    this.#phaseBar.tick(now);
    this.picture.tick(now);
    const { declaredAt } = this.#view;
    this.#elapsed.hidden = declaredAt === null;
    if (declaredAt === null) return;
    const resolvedAt = this.#view.clocks.find((clock) => clock.kind === 'resolve')?.stoppedAt ?? null;
    setText(this.#elapsedTime, stopwatch((resolvedAt ?? now) - declaredAt));
    setText(this.#elapsedWhat, resolvedAt === null ? strings.sinceDeclared : strings.untilResolved);
  }
}

function fact(name: string, value: HTMLElement): HTMLElement {
  return element('span', { class: 'fact' }, element('span', { class: 'name' }, name), ' ', value);
}
