import { readdirSync } from 'node:fs';
import path from 'node:path';
import {
  type Node,
  type NoSubstitutionTemplateLiteral,
  type SourceFile,
  type StringLiteral,
  SyntaxKind,
  type TemplateHead,
  type TemplateMiddle,
  type TemplateTail,
} from 'typescript/unstable/ast';
import {
  isCallExpression,
  isExternalModuleReference,
  isIdentifier,
  isImportEqualsDeclaration,
  isNewExpression,
  isNoSubstitutionTemplateLiteral,
  isPropertyAccessExpression,
  isStringLiteral,
  isTemplateHead,
  isTemplateMiddle,
  isTemplateTail,
} from 'typescript/unstable/ast/is';
import { API, type Diagnostic } from 'typescript/unstable/sync';

/** The project's folder. */
export const projectFolder = path.resolve(import.meta.dirname, '../../..');

/** One import, of values or of types, of any form: `import`, `export from`, `import()`, `import('…').T`, `require()`. */
export interface Import {
  readonly specifier: string;
  /** One-based. */
  readonly line: number;
}

export interface Place {
  readonly text: string;
  /** One-based. */
  readonly line: number;
}

export interface SourceModule {
  /** Relative to the project's folder, with forward slashes. */
  readonly file: string;
  readonly imports: readonly Import[];
  /** Every string literal, and every piece of a template, that is no import. */
  readonly strings: readonly Place[];
  /** `Date.now()`, `new Date()`, `performance.now()`, `Math.random()`. */
  readonly clockReadings: readonly Place[];
  /** Names that nothing in scope explains; see {@link readSources}. */
  readonly unknownNames: readonly Place[];
}

/** "Cannot find name …", in all its forms (with a hint for DOM, node, test runners, …). */
const cannotFindName: ReadonlySet<number> = new Set([2304, 2318, 2503, 2552, 2580, 2581, 2582, 2583, 2584, 2591, 2868]);

/** What every JavaScript platform has besides the language itself. */
const everyPlatform = `
declare class URL { constructor(url: string, base?: string);
  readonly origin: string; readonly protocol: string; readonly hostname: string; readonly host: string; readonly port: string;
  readonly pathname: string; readonly username: string; readonly password: string; readonly search: string; readonly hash: string;
  readonly href: string; toString(): string }
declare class TextEncoder { encode(text?: string): Uint8Array<ArrayBuffer> }
declare class TextDecoder { constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: ArrayBuffer | ArrayBufferView): string }
declare class AbortSignal { readonly aborted: boolean; throwIfAborted(): void }
declare class AbortController { readonly signal: AbortSignal; abort(): void }
declare function structuredClone<T>(value: T): T;
`;

/** All TypeScript files below folders of the project, relative to it, with forward slashes. */
export function sourceFiles(...folders: readonly string[]): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(path.join(projectFolder, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
        .map((name) => `${folder}/${name.replaceAll(path.sep, '/')}`),
    )
    .sort();
}

/**
 * Reads sources with the compiler's own parser.
 * @param files relative to the project's folder
 * @param virtual files that are not there, by path: a rule is shown to fail with these
 */
export function readSources(files: readonly string[], virtual: Readonly<Record<string, string>> = {}): SourceModule[] {
  const overlay = new Map<string, string>();
  const absolute = (file: string) => path.join(projectFolder, file).replaceAll(path.sep, '/');
  for (const [file, text] of Object.entries(virtual)) overlay.set(absolute(file), text);
  const all = [...files, ...Object.keys(virtual)];
  const platform = absolute('everyPlatform.d.ts');
  const config = absolute('tsconfig.sources.json');
  const untyped = absolute('untyped.d.ts');
  overlay.set(platform, everyPlatform);
  overlay.set(untyped, 'export {};');
  overlay.set(
    config,
    JSON.stringify({
      extends: './tsconfig.json',
      // Neither DOM nor node: a name that only they explain is a name that these layers must not use.
      // A package whose types bring node's along would explain them to every file.
      compilerOptions: { lib: ['ES2023'], types: [], paths: { undici: [untyped] } },
      include: [],
      files: [platform, ...all.map(absolute)],
    }),
  );
  const api = new API({
    cwd: projectFolder,
    fs: {
      readFile: (file) => overlay.get(file),
      fileExists: (file) => (overlay.has(file) ? true : undefined),
    },
  });
  try {
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
    if (!project) throw new Error('The compiler did not open the sources.');
    return all.map((file) => {
      const source = project.program.getSourceFile(absolute(file));
      if (!source) throw new Error(`The compiler did not read ${file}.`);
      return readModule(file, source, project.program.getSemanticDiagnostics(absolute(file)));
    });
  } finally {
    api.close();
  }
}

function readModule(file: string, source: SourceFile, diagnostics: readonly Diagnostic[]): SourceModule {
  const lineAt = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  const imported = new Set<Node>(source.imports);
  const strings: Place[] = [];
  const clockReadings: Place[] = [];
  const visit = (node: Node): void => {
    if (isCallExpression(node) && loadsModule(node.expression)) {
      const [argument] = node.arguments;
      if (argument) imported.add(argument);
    }
    if (isImportEqualsDeclaration(node) && isExternalModuleReference(node.moduleReference)) {
      imported.add(node.moduleReference.expression);
    }
    if ((isText(node) || isTemplatePiece(node)) && !imported.has(node))
      strings.push({ text: node.text, line: lineAt(node.end) });
    const reading = clockReading(node);
    if (reading) clockReadings.push({ text: reading, line: lineAt(node.end) });
    node.forEachChild(visit);
  };
  visit(source);
  const imports: Import[] = [];
  for (const node of imported) {
    // A module whose name is computed can't be judged, so it is reported under a name that no rule allows.
    imports.push({ specifier: isText(node) ? node.text : '(computed)', line: lineAt(node.end) });
  }
  const unknownNames = diagnostics
    .filter((diagnostic) => cannotFindName.has(diagnostic.code))
    .map((diagnostic) => ({ text: diagnostic.text, line: lineAt(diagnostic.pos) }));
  return { file, imports, strings, clockReadings, unknownNames };
}

function loadsModule(callee: Node): boolean {
  return callee.kind === SyntaxKind.ImportKeyword || (isIdentifier(callee) && callee.text === 'require');
}

function isText(node: Node): node is StringLiteral | NoSubstitutionTemplateLiteral {
  return isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node);
}

function isTemplatePiece(node: Node): node is TemplateHead | TemplateMiddle | TemplateTail {
  return isTemplateHead(node) || isTemplateMiddle(node) || isTemplateTail(node);
}

function clockReading(node: Node): string | undefined {
  if (isNewExpression(node) && isIdentifier(node.expression) && node.expression.text === 'Date') {
    return (node.arguments?.length ?? 0) === 0 ? 'new Date()' : undefined;
  }
  if (!isPropertyAccessExpression(node) || !isIdentifier(node.expression)) return undefined;
  const name = `${node.expression.text}.${node.name.text}`;
  return ['Date.now', 'performance.now', 'Math.random'].includes(name) ? `${name}()` : undefined;
}
