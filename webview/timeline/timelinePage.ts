import { clockStanding, nextDue } from '../../src/core/clocks.ts';
import { compareEntries, type EntryChanges } from '../../src/protocol/timelineChange.ts';
import { TimelineCopy } from '../../src/protocol/timelineCopy.ts';
import {
  exportFormats,
  type FromWebview,
  isOutsideAddress,
  messageLimits,
  parseToWebview,
  type ViewMessage,
} from '../../src/protocol/timelineMessages.ts';
import type { EntryFormState } from '../../src/protocol/timelinePanelState.ts';
import type { EventView, TimelineView } from '../../src/protocol/timelineView.ts';
import { element, setAttribute, setText } from '../dom.ts';
import { icon } from '../icons.ts';
import { strings } from '../strings.ts';
import type { VsCodeApi } from '../vscodeApi.ts';
import { Announcer } from './announcer.ts';
import { clockText } from './clockChips.ts';
import { Composer } from './composer.ts';
import { EntryForm } from './entryForm.ts';
import { entryKey, entryMenu } from './entryMenu.ts';
import { EntryTally } from './entryTally.ts';
import type { EventFilter } from './eventFilter.ts';
import { EventList } from './eventList.ts';
import { kindLabel } from './eventPhrase.ts';
import { asPng, asSvg } from './exportPicture.ts';
import { Header } from './header.ts';
import { KeptState } from './keptState.ts';
import { listenToKeys } from './keyboard.ts';
import { Failure, Notices } from './notices.ts';
import { PageLayout } from './pageLayout.ts';
import { type MenuEntry, PopupMenu } from './popupMenu.ts';
import { ScrollKeeper } from './scrollKeeper.ts';
import { Ticker } from './ticker.ts';
import { Toolbar } from './toolbar.ts';

/** The timeline panel: it shows what the extension sends, and asks the extension for everything that is to be done. */
export class TimelinePage {
  readonly element = element('div', { class: 'page', 'aria-busy': 'true' });
  readonly #api: VsCodeApi;
  readonly #state: KeptState;
  readonly #ticker = new Ticker((now) => this.#tick(now));
  readonly #announcer = new Announcer();
  readonly #notices = new Notices(() => this.#send({ type: 'run', command: 'restore' }));
  readonly #failure = new Failure();
  readonly #header: Header;
  readonly #toolbar: Toolbar;
  readonly #list: EventList;
  readonly #composer: Composer;
  readonly #form: EntryForm;
  readonly #menu = new PopupMenu();
  /** Images under way, by request: the entry that each is for, null for the note that is being written. */
  readonly #images = new Map<number, string | null>();
  readonly #scroll: ScrollKeeper;
  readonly #jump = element('button', { type: 'button', class: 'jump', hidden: true });
  readonly #jumpText = element('span');
  readonly #peek = element('div', { class: 'peek', 'aria-hidden': 'true' });
  readonly #loading = element('p', { class: 'loading' }, strings.loading);
  readonly #copy = new TimelineCopy();
  readonly #tally = new EntryTally();
  #unseen = 0;
  #lastRequest = 0;
  #changeable = false;
  #isShown = false;

  constructor(api: VsCodeApi) {
    this.#api = api;
    this.#state = new KeptState(api);
    const { filterText, filterKinds, filterPeople, filterPinned, draft } = this.#state.value;
    this.#header = new Header(
      {
        run: (command) => this.#send({ type: 'run', command }),
        openIncident: () => this.#send({ type: 'openIncident' }),
        standingChanged: (clock, standing, text) =>
          this.#announcer.standing(strings.standingChanged(clock.label, `${strings.standing[standing]}, ${text}`)),
        goTo: (id) => this.#list.reveal(id),
        pictureShown: (picture) => this.#state.update({ picture }),
      },
      this.#state.value.picture ?? hasRoomForPicture(),
    );
    this.#toolbar = new Toolbar(
      { text: filterText, kinds: filterKinds, people: filterPeople, pinned: filterPinned },
      {
        filtered: (filter) => this.#filterChanged(filter),
        follow: (following) => {
          if (following) this.#follow();
          else this.#scroll.stay();
        },
        export: (opener) => this.#chooseExport(opener),
        selectShown: (selected) => {
          this.#list.selectShown(selected);
          if (!selected) this.#list.focus(this.#list.current);
        },
        pinSelected: () => this.#send({ type: 'pin', ids: this.#list.selected, pinned: true }),
      },
    );
    const scroller = element('div', { class: 'scroller' });
    this.#list = new EventList({
      scroller,
      actions: {
        openFile: (id) => this.#send({ type: 'openEvent', id }),
        restore: () => this.#send({ type: 'run', command: 'restore' }),
        pin: (ids, pinned) => this.#send({ type: 'pin', ids, pinned }),
        form: (kind, event) => this.#openForm(kind, event),
        attachImage: (event) => this.#attach(undefined, event.id),
        menu: (opener, standing) =>
          this.#menu.toggle(opener, strings.moreOf(kindLabel(standing.event)), entryMenu(standing, this.#list.actions)),
      },
      selectionChanged: () => this.#showSelection(),
      show: (id) => this.#scroll.show(id),
      resized: () => this.#scroll.resized(),
      shownChanged: () => {
        this.#scroll.settle();
        this.#drawPicture();
      },
    });
    this.#composer = new Composer({
      draft,
      drafted: (text) => this.#state.update({ draft: text }),
      send: (text, request) => this.#send({ type: 'addNote', text, about: null, request }),
      nextRequest: () => ++this.#lastRequest,
      image: (pasted) => this.#attach(pasted, null),
    });
    this.#form = new EntryForm({
      drafted: (form) => this.#state.update({ form }),
      send: (change) => {
        const request = ++this.#lastRequest;
        this.#send({ ...change, request });
        return request;
      },
      closed: (event) => {
        this.#showFoot();
        this.#list.focus(event);
      },
    });
    this.#jump.append(icon('down'), this.#jumpText);
    this.#jump.addEventListener('click', () => this.#follow());

    const bar = element('div', { class: 'bar' }, this.#peek, this.#toolbar.element);
    const content = element('div', { class: 'content' }, this.#list.element);
    const top = element('div', { class: 'top' }, this.#header.element, this.#notices.element, bar);
    scroller.append(top, content);
    this.element.append(
      this.#loading,
      scroller,
      element('div', { class: 'jump-place' }, this.#jump),
      element('div', { class: 'foot' }, this.#failure.element, this.#form.element, this.#composer.element),
      this.#announcer.element,
    );
    this.#list.element.append(this.#menu.element);
    this.element.classList.add('empty-page');

    const heads = [this.#header.element, this.#notices.element, this.#toolbar.element];
    const layout = new PageLayout({
      page: this.element,
      scroller,
      heads,
      bar,
      arranged: () => this.#scroll.settle(),
    });
    this.#scroll = new ScrollKeeper({
      scroller,
      window: this.#list.window,
      covered: () => layout.covered(),
      moved: (anchor) => {
        this.#state.update({ anchor });
        this.#showFollowing();
      },
    });
    this.#list.setFilter(this.#toolbar.filter);
    standInFor(this.#header, bar, scroller);
  }

  start(): void {
    window.addEventListener('message', (event) => this.#receive(event.data));
    this.element.addEventListener('click', (event) => this.#followLink(event));
    listenToKeys({
      shown: () => this.#list.shown,
      current: () => this.#list.current,
      focus: (id) => this.#list.focus(id),
      open: (id) => this.#send({ type: 'openEvent', id }),
      act: (id, key) => {
        const standing = this.#list.standing(id);
        return standing !== undefined && entryKey(key, standing, this.#list.actions);
      },
      focusFilter: () => this.#toolbar.focus(),
      clearFilter: () => this.#toolbar.clear(),
      inFilter: (target) => this.#toolbar.contains(target),
      inComposer: (target) => this.#composer.contains(target),
    });
    const { anchor, form } = this.#state.value;
    this.#send({ type: 'ready', needs: [anchor?.event, form?.event].filter((id) => id !== undefined) });
  }

  #send(message: FromWebview): void {
    this.#api.postMessage(message);
  }

  #receive(data: unknown): void {
    const message = parseToWebview(data);
    switch (message?.type) {
      case 'incident':
      case 'changed':
      case 'gone':
      case 'current':
        this.#take(message);
        return;
      case 'written':
        this.#composer.added(message.request);
        this.#form.written(message.request);
        return;
      case 'attached':
        this.#attached(message.request, message.markdown);
        return;
      case 'dropped':
        this.#images.delete(message.request);
        return;
      case 'failed':
        this.#failed(message.request, message.message);
        return;
      case undefined:
        return;
    }
  }

  #take(message: ViewMessage): void {
    // What comes in before this was there all along.
    const oldest = this.#copy.earlier > 0 ? this.#copy.view?.events[0] : undefined;
    const taken = this.#copy.take(message);
    switch (taken.kind) {
      case 'whole':
        this.#tally.restart(taken.view.events);
        this.#show(taken.view);
        break;
      case 'changed':
        this.#tally.take(taken);
        this.#show(taken.view, taken, { oldest });
        break;
      case 'gone':
        if (this.#copy.view) this.#show(this.#copy.view, nothing, { gone: true });
        else setText(this.#loading, strings.gone);
        break;
      case 'late':
        break;
      case 'missed':
        this.#send({ type: 'missed' });
        return;
    }
    // With the frame that shows it: what is sent on this answer must not hold it up.
    const { revision } = this.#copy;
    requestAnimationFrame(() => this.#send({ type: 'shown', revision }));
  }

  /**
   * @param changes of the entries, where only these are other than what is shown
   * @param oldest entries before this one are not new
   */
  #show(
    view: TimelineView,
    changes?: EntryChanges,
    { gone = false, oldest }: { gone?: boolean; oldest?: EventView | undefined } = {},
  ): void {
    const first = !this.#isShown;
    const { earlier } = this.#copy;
    this.#isShown = true;
    const now = Date.now();
    const changeable = !gone && !view.readOnly;
    this.#changeable = changeable;
    this.element.classList.remove('empty-page');
    this.#loading.hidden = true;
    setAttribute(this.element, 'aria-busy', String(earlier > 0));
    this.#state.update({ uid: view.uid });
    this.#notices.update(view, this.#tally.missing, gone);
    this.#header.update(view, now, changeable);
    this.#toolbar.setExportable(!view.private && changeable && earlier === 0, view.private);
    if (!changeable) this.#form.close();
    this.#showFoot();

    if (first) {
      const { anchor } = this.#state.value;
      this.#scroll.restore(view.events.some(({ id }) => id === anchor?.event) ? anchor : null);
    }
    const put = this.#list.update(view, changes);
    const added = oldest ? put.filter((event) => compareEntries(oldest, event) < 0) : put;
    this.#toolbar.setCounts(this.#tally);
    this.#showSelection();
    if (first && changeable) this.#reopenForm(view);
    this.#showCount();
    if (!first) {
      this.#announcer.entries(added);
      for (const event of added) this.#composer.seen(event);
      if (!this.#scroll.following) this.#unseen += added.length;
    }
    this.#showFollowing();
    this.#ticker.run(!gone && (view.clocks.some((clock) => clock.stoppedAt === null) || !view.finished));
    this.#showPeek(now);
  }

  #filterChanged(filter: EventFilter): void {
    this.#list.setFilter(filter);
    this.#showCount();
    this.#state.update({
      filterText: filter.text,
      filterKinds: filter.kinds,
      filterPeople: filter.people,
      filterPinned: filter.pinned,
    });
  }

  #showCount(): void {
    this.#toolbar.setCount(this.#list.shown.length, this.#list.total + this.#copy.earlier);
  }

  #failed(request: number | null, message: string): void {
    const isImage = request !== null && this.#images.has(request);
    if (request !== null) this.#images.delete(request);
    if (isImage && !this.#form.isOpen) this.#composer.say(message);
    else if (!this.#composer.failed(request, message) && !this.#form.failed(request, message)) {
      this.#failure.show(message);
    }
  }

  /** @param about the entry that the image is for; null for the note that is being written */
  async #attach(pasted: File | undefined, about: string | null): Promise<void> {
    const request = ++this.#lastRequest;
    this.#images.set(request, about);
    if (!pasted) {
      this.#send({ type: 'chooseImage', request });
      return;
    }
    const data = await base64Of(pasted);
    if (data.length > messageLimits.image) this.#failed(request, strings.imageTooLarge);
    else this.#send({ type: 'pasteImage', media: pasted.type, data, request });
  }

  #attached(request: number, markdown: string): void {
    const about = this.#images.get(request);
    this.#images.delete(request);
    if (about === undefined) return;
    if (about === null) this.#composer.insert(markdown);
    else this.#send({ type: 'addNote', text: markdown, about, request: ++this.#lastRequest });
  }

  #openForm(kind: EntryFormState['kind'], event: EventView): void {
    this.#form.open(kind, event);
    this.#showFoot();
  }

  /** What somebody was typing when the page was taken away. */
  #reopenForm(view: TimelineView): void {
    const { form } = this.#state.value;
    const event = form && view.events.find(({ id }) => id === form.event);
    if (form && event) this.#form.open(form.kind, event, form);
    this.#showFoot();
  }

  #showFoot(): void {
    this.#composer.element.hidden = !this.#changeable || this.#form.isOpen;
  }

  #showSelection(): void {
    this.#toolbar.setSelected(this.#list.selected.length, this.#changeable);
  }

  #chooseExport(opener: HTMLElement): void {
    const { selected, shown, total } = this.#list;
    const wanted = selected.length > 0 ? selected : [...shown];
    const ids = wanted.length === total && selected.length === 0 ? null : wanted;
    const { drawing } = this.#header.picture;
    const entry = (label: string, press: () => void): MenuEntry => ({ label, press });
    this.#menu.toggle(opener, strings.exportEntries(wanted.length), [
      ...exportFormats.map((format) =>
        entry(strings.exportAs[format], () => this.#send({ type: 'export', format, ids })),
      ),
      ...(this.#header.picture.element.hidden
        ? []
        : [
            entry(strings.exportAs.svg, () =>
              this.#send({ type: 'exportPicture', format: 'svg', data: asSvg(drawing) }),
            ),
            entry(strings.exportAs.png, () => {
              const data = asPng(drawing);
              if (data !== undefined) this.#send({ type: 'exportPicture', format: 'png', data });
            }),
          ]),
    ]);
  }

  #drawPicture(): void {
    const { view } = this.#copy;
    if (view) this.#header.picture.update(view, this.#list.shownEvents, Date.now());
  }

  #follow(): void {
    this.#scroll.follow();
    this.#showFollowing();
  }

  #showFollowing(): void {
    const { following } = this.#scroll;
    this.#toolbar.setFollowing(following);
    if (following) this.#unseen = 0;
    this.#jump.hidden = following || this.#list.total === 0;
    setText(this.#jumpText, this.#unseen > 0 ? strings.jumpToNew(this.#unseen) : strings.jumpToNewest);
  }

  #tick(now: number): void {
    this.#header.tick(now);
    this.#showPeek(now);
  }

  /** One line that stands in for the header where that has scrolled away. */
  #showPeek(now: number): void {
    const { view } = this.#copy;
    if (!view) return;
    const { severity, title, clocks } = view;
    const due = nextDue(clocks);
    const clock = due && clocks.find((candidate) => candidate.kind === due.kind);
    const standing = clock && clockStanding(clock, now);
    const words = clock && standing ? `${clock.label}: ${clockText(clock, standing, now)}` : '';
    const wanted = JSON.stringify([severity, title, words, standing]);
    if (this.#peek.dataset.shown === wanted) return;
    this.#peek.dataset.shown = wanted;
    this.#peek.replaceChildren(
      element('span', { class: `severity severity-${severity.toLowerCase()}` }, severity),
      element('span', { class: 'peek-title', dir: 'auto' }, title),
      element('span', { class: `peek-clock clock-${standing ?? 'unlimited'}` }, words),
    );
  }

  /** Links never navigate: the extension opens those that may be opened. VS Code's own handler must not see them. */
  #followLink(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    const href = link.getAttribute('href');
    if (isOutsideAddress(href)) this.#send({ type: 'openLink', href });
  }
}

/** Nothing of the entries is other than it was. */
const nothing: EntryChanges = { removed: [], put: [] };

/** So little of the header says nothing more of how the incident stands (CSS pixels). */
const restOfHeader = 120;

/** Has one line stand in for the header, once its title is out of view and little is left of it. */
function standInFor(header: Header, bar: HTMLElement, scroller: HTMLElement): void {
  const seen = new Set<Element>();
  const see = (entries: readonly IntersectionObserverEntry[]): void => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) seen.add(target);
      else seen.delete(target);
    }
    bar.classList.toggle('alone', seen.size === 0);
  };
  new IntersectionObserver(see, { root: scroller }).observe(header.titleLine);
  new IntersectionObserver(see, { root: scroller, rootMargin: `-${restOfHeader}px 0px 0px 0px` }).observe(
    header.element,
  );
}

/** A small panel has better use for its height, until its reader says otherwise. */
function hasRoomForPicture(): boolean {
  return window.innerHeight >= 640 && window.innerWidth >= 480;
}

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  // All at once would be too many arguments for one call.
  for (let at = 0; at < bytes.length; at += 32_768) binary += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(binary);
}
