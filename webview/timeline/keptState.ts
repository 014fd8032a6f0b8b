import { parseTimelinePanelState, type TimelinePanelState } from '../../src/protocol/timelinePanelState.ts';
import type { VsCodeApi } from '../vscodeApi.ts';

/** What the panel remembers across reloads. Nothing is kept before it is known which incident it belongs to. */
export class KeptState {
  readonly #api: VsCodeApi;
  #state: TimelinePanelState;

  constructor(api: VsCodeApi) {
    this.#api = api;
    this.#state = parseTimelinePanelState(api.getState()) ?? {
      uid: '',
      filterText: '',
      filterKinds: [],
      filterPeople: [],
      filterPinned: false,
      anchor: null,
      draft: '',
      form: null,
      picture: null,
    };
  }

  get value(): TimelinePanelState {
    return this.#state;
  }

  update(change: Partial<TimelinePanelState>): void {
    const next = { ...this.#state, ...change };
    if (JSON.stringify(next) === JSON.stringify(this.#state)) return;
    this.#state = next;
    if (next.uid !== '') this.#api.setState(next);
  }
}
