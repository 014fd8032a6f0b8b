import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { commandIds, contextKeys, settingKeys, viewIds } from '../../src/ui/contributions.ts';
import { projectFolder, readSources, sourceFiles } from './support/sourceProject.ts';
import { type Comparison, readWhenClause } from './support/whenClause.ts';

interface Command {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
  readonly icon?: string | Readonly<Record<string, string>>;
  readonly enablement?: string;
}
interface MenuEntry {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
}
interface View {
  readonly id: string;
  readonly name: string;
  readonly icon?: string;
  readonly when?: string;
}
interface Setting {
  readonly scope?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly enumDescriptions?: readonly string[];
  readonly markdownEnumDescriptions?: readonly string[];
}
interface Manifest {
  readonly icon?: string;
  readonly activationEvents: readonly string[];
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations?: readonly string[] } };
  readonly contributes: {
    readonly commands: readonly Command[];
    readonly keybindings?: readonly MenuEntry[];
    readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
    readonly submenus?: readonly { readonly id: string; readonly label: string; readonly icon?: string }[];
    readonly views: Readonly<Record<string, readonly View[]>>;
    readonly viewsContainers: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsWelcome?: readonly { readonly view: string; readonly contents: string; readonly when?: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
    readonly snippets?: readonly { readonly path: string }[];
    readonly grammars?: readonly { readonly path: string }[];
    readonly walkthroughs?: readonly {
      readonly icon?: string;
      readonly when?: string;
      readonly steps: readonly {
        readonly when?: string;
        readonly media: Readonly<Record<string, string>>;
        readonly completionEvents?: readonly string[];
      }[];
    }[];
  };
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(path.join(projectFolder, file), 'utf8'));
}

/** Names of ours that VS Code knows without package.json: keys of stored UI state, and the status bar item. */
const uncontributed = [
  'firebreak.askedToCommit',
  'firebreak.chosenFolder',
  'firebreak.conflictDrafts',
  'firebreak.grouping',
  'firebreak.recorded.focus',
  'firebreak.recordingSign',
  'firebreak.status',
  'firebreak.syncConsent',
  'firebreak.toldSilentShell',
];

const manifest = readJson<Manifest>('package.json');
const texts = readJson<Record<string, string>>('package.nls.json');
const { contributes } = manifest;
const commands = contributes.commands.map((command) => command.command);
const views = Object.values(contributes.views).flat();
const menuEntries = Object.values(contributes.menus).flat();
const panelTypes = manifest.activationEvents
  .filter((event) => event.startsWith('onWebviewPanel:'))
  .map((event) => event.slice('onWebviewPanel:'.length));

const whenClauses: readonly string[] = [
  ...menuEntries,
  ...(contributes.keybindings ?? []),
  ...views,
  ...(contributes.viewsWelcome ?? []),
  ...(contributes.walkthroughs ?? []),
  ...(contributes.walkthroughs ?? []).flatMap((walkthrough) => walkthrough.steps),
  ...contributes.commands.map((command) => ({ when: command.enablement })),
].flatMap(({ when }) => (when === undefined ? [] : [when]));

const comparisons: readonly Comparison[] = whenClauses.flatMap((clause) => readWhenClause(clause).comparisons);

describe('contributions', function () {
  this.timeout(60_000);
  /** The strings of the extension's code, without the tables. */
  let inCode = new Set<string>();

  before(() => {
    const files = [...sourceFiles('src/ui'), 'src/extension.ts'].filter((file) => file !== 'src/ui/contributions.ts');
    inCode = new Set(readSources(files).flatMap((module) => module.strings.map((place) => place.text)));
  });

  function assertUsed(ids: readonly string[]): void {
    assert.deepEqual(
      ids.filter((id) => !inCode.has(id)),
      [],
      'named in the table, and nowhere in the code',
    );
  }

  it('have exactly the commands that the code registers', () => {
    assert.deepEqual([...commands].sort(), [...commandIds].sort());
    assertUsed(commandIds);
  });

  it('have exactly the settings that the code reads', () => {
    assert.deepEqual(Object.keys(contributes.configuration.properties).sort(), [...settingKeys].sort());
    assertUsed(settingKeys);
  });

  it('have exactly the views that the code fills', () => {
    assert.deepEqual(views.map((view) => view.id).sort(), [...viewIds].sort());
    assertUsed(viewIds);
  });

  it('ask for exactly the context keys that the code sets', () => {
    const asked = new Set(whenClauses.flatMap((clause) => readWhenClause(clause).keys));
    assert.deepEqual([...asked].filter((key) => key.startsWith('firebreak.')).sort(), [...contextKeys].sort());
    assertUsed(contextKeys);
  });

  it('have a webview panel type for each that is restored, and only those', () => {
    assert.ok(panelTypes.length > 0);
    assertUsed(panelTypes);
  });

  it('explain every name of ours in the code', () => {
    const containers = Object.values(contributes.viewsContainers).flat();
    const known = new Set([
      ...commandIds,
      ...settingKeys,
      ...viewIds,
      ...contextKeys,
      ...panelTypes,
      ...containers.map((container) => container.id),
      ...uncontributed,
    ]);
    const ours = [...inCode].filter((text) => /^firebreak\.[A-Za-z][\w.]*$/.test(text));
    assert.deepEqual(
      ours.filter((text) => !known.has(text)),
      [],
    );
    assertUsed(uncontributed);
  });

  it('name only commands that exist in menus, keybindings, links and completion events', () => {
    const submenus = (contributes.submenus ?? []).map((submenu) => submenu.id);
    const linked = Object.values(texts).flatMap((text) =>
      [...text.matchAll(/\(command:(firebreak\.[\w.]+)/g)].map((match) => match[1]),
    );
    const completions = (contributes.walkthroughs ?? [])
      .flatMap((walkthrough) => walkthrough.steps.flatMap((step) => step.completionEvents ?? []))
      .filter((event) => event.startsWith('onCommand:'))
      .map((event) => event.slice('onCommand:'.length));
    const entries = [...menuEntries, ...(contributes.keybindings ?? [])];
    const named = [...entries.flatMap((entry) => entry.command ?? []), ...linked, ...completions];
    assert.deepEqual(
      named.filter((command) => command === undefined || !commands.includes(command)),
      [],
    );
    for (const entry of entries) assert.ok(entry.command !== undefined || entry.submenu !== undefined);
    const opened = entries.flatMap((entry) => entry.submenu ?? []);
    assert.deepEqual([...new Set(opened)].sort(), [...submenus].sort());
    for (const submenu of submenus) assert.ok((contributes.menus[submenu]?.length ?? 0) > 0, `${submenu} is not empty`);
  });

  it('leave no command out of reach', () => {
    const hidden = (contributes.menus.commandPalette ?? [])
      .filter((entry) => entry.when === 'false')
      .flatMap((entry) => entry.command ?? []);
    const elsewhere = new Set([
      ...Object.entries(contributes.menus).flatMap(([menu, entries]) =>
        menu === 'commandPalette' ? [] : entries.flatMap((entry) => entry.command ?? []),
      ),
      // A tree row, a CodeLens or a quick fix carries it.
      ...hidden.filter((command) => inCode.has(command)),
    ]);
    assert.deepEqual(
      hidden.filter((command) => !elsewhere.has(command)),
      [],
    );
  });

  it('compare views with views that exist', () => {
    const compared = comparisons.filter(({ key }) => key === 'view');
    assert.ok(compared.length > 0);
    for (const { operator, value } of compared) {
      const matches = viewIds.filter((id) => (operator === '=~' ? new RegExp(value).test(id) : id === value));
      assert.ok(matches.length > 0, `no view is ${value}`);
    }
    for (const { view } of contributes.viewsWelcome ?? [])
      assert.ok((viewIds as readonly string[]).includes(view), view);
  });

  it('compare rows with words that the code gives to rows', () => {
    const compared = comparisons.filter(({ key }) => key === 'viewItem');
    assert.ok(compared.length > 0);
    const spoken = [...inCode].join('\n');
    for (const { value } of compared) {
      const words = value.match(/[A-Za-z]{2,}/g) ?? [];
      assert.ok(words.length > 0, value);
      for (const word of words) assert.ok(spoken.includes(word), `no row is "${word}"`);
    }
  });

  it('compare nothing else with names of ours that do not exist', () => {
    const known: readonly string[] = [...viewIds, ...panelTypes, ...commandIds];
    const strays = comparisons
      .filter(({ key, operator, value }) => key !== 'view' && operator !== '=~' && value.startsWith('firebreak'))
      .filter(({ value }) => !known.includes(value));
    assert.deepEqual(strays, []);
  });

  it('give every command a title and a category', () => {
    for (const { command, title, category } of contributes.commands) {
      assert.match(title, /^%[\w.]+%$/, command);
      assert.match(category ?? '', /^%[\w.]+%$/, command);
      assert.ok(texts[title.slice(1, -1)]?.trim(), command);
    }
    const shown = contributes.commands.map(({ category, title }) => `${category}: ${texts[title.slice(1, -1)]}`);
    assert.equal(new Set(shown).size, shown.length, 'two commands look the same in the palette');
  });

  it('describe every setting, and each of its choices', () => {
    for (const [key, setting] of Object.entries(contributes.configuration.properties)) {
      assert.match(setting.description ?? setting.markdownDescription ?? '', /^%[\w.]+%$/, key);
      assert.notEqual(setting.default, undefined, `${key} has a default`);
      if (!setting.enum) continue;
      const described = setting.enumDescriptions ?? setting.markdownEnumDescriptions ?? [];
      assert.equal(described.length, setting.enum.length, key);
      assert.ok(
        setting.enum.some((choice) => choice === setting.default),
        `the default of ${key} is a choice`,
      );
    }
  });

  it('let no file of a workspace say where to send, or that to send', () => {
    for (const key of ['firebreak.github.apiUrl', 'firebreak.github.sync', 'firebreak.alerts.url']) {
      assert.equal(contributes.configuration.properties[key]?.scope, 'machine', key);
    }
    const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations ?? [];
    for (const [key, { scope }] of Object.entries(contributes.configuration.properties)) {
      assert.equal(restricted.includes(key), scope !== 'machine', `${key}: what a workspace can set needs its trust`);
    }
    for (const key of restricted) assert.ok((settingKeys as readonly string[]).includes(key), key);
  });

  it('translate every key, and hold no text that nothing shows', () => {
    const used = new Set<string>();
    const collect = (value: unknown): void => {
      if (typeof value === 'string') {
        const key = /^%(.+)%$/.exec(value)?.[1];
        if (key !== undefined) used.add(key);
      } else if (typeof value === 'object' && value !== null) {
        for (const part of Object.values(value)) collect(part);
      }
    };
    collect(manifest);
    assert.deepEqual([...used].sort(), Object.keys(texts).sort());
    for (const [key, text] of Object.entries(texts)) assert.ok(text.trim() !== '', key);
  });

  it('name only files that are there', () => {
    const icons = [
      manifest.icon,
      ...contributes.commands.flatMap(({ icon }) => (typeof icon === 'object' ? Object.values(icon) : [icon])),
      ...views.map((view) => view.icon),
      ...Object.values(contributes.viewsContainers).flatMap((containers) =>
        containers.map((container) => container.icon),
      ),
      ...(contributes.submenus ?? []).map((submenu) => submenu.icon),
      ...(contributes.walkthroughs ?? []).map((walkthrough) => walkthrough.icon),
    ].filter((icon) => icon !== undefined);
    const files = [
      ...icons.filter((icon) => !/^\$\([a-z][a-z0-9-]*(~spin)?\)$/.test(icon)),
      ...(contributes.snippets ?? []).map((snippet) => snippet.path),
      ...(contributes.grammars ?? []).map((grammar) => grammar.path),
      ...(contributes.walkthroughs ?? []).flatMap(({ steps }) =>
        steps.flatMap(({ media }) => [media.markdown, media.image, media.svg].flatMap((file) => file ?? [])),
      ),
    ];
    assert.ok(files.length > 0);
    assert.deepEqual(
      files.filter((file) => !existsSync(path.join(projectFolder, file))),
      [],
    );
    for (const view of views) assert.ok(view.icon, `${view.id} has an icon`);
  });

  it('activate on nothing that VS Code infers by itself', () => {
    const needed = /^(?:onStartupFinished$|workspaceContains:|onWebviewPanel:|onFileSystem:)/;
    assert.deepEqual(
      manifest.activationEvents.filter((event) => !needed.test(event)),
      [],
    );
  });
});

describe('readWhenClause', () => {
  it('tells keys from comparisons, whatever is in a pattern', () => {
    assert.deepEqual(
      readWhenClause(
        "!firebreak.a && (view =~ /^firebreak\\.(b|c)$/ || viewItem == d) && resourcePath =~ /[\\\\/]x && y/ && e != 'f g'",
      ),
      {
        keys: ['firebreak.a'],
        comparisons: [
          { key: 'view', operator: '=~', value: '^firebreak\\.(b|c)$' },
          { key: 'viewItem', operator: '==', value: 'd' },
          { key: 'resourcePath', operator: '=~', value: '[\\\\/]x && y' },
          { key: 'e', operator: '!=', value: 'f g' },
        ],
      },
    );
    assert.throws(() => readWhenClause('a && ?'));
  });
});
