import { makeRepository, writeFiles } from './harness/repository.ts';
import type { HostSuite } from './harness/suite.ts';

const readme = { 'README.md': '# Shop\n', Makefile: 'health-check:\n\t@echo healthy\n' };

/** Every start of VS Code that the host tests need. Each costs about 15 s, so a test goes where it fits first. */
export const suites: readonly HostSuite[] = [
  {
    name: 'default',
    async open(folder) {
      await makeRepository(`${folder}/shop`, readme);
      return { folder: `${folder}/shop` };
    },
  },
  {
    name: 'untrusted',
    trusted: false,
    async open(folder) {
      await makeRepository(`${folder}/shop`, readme);
      return { folder: `${folder}/shop` };
    },
  },
  {
    name: 'noFolder',
    async open() {
      return { nothing: true };
    },
  },
  {
    name: 'multiRoot',
    async open(folder) {
      await makeRepository(`${folder}/shop`, readme);
      await makeRepository(`${folder}/billing`, { 'README.md': '# Billing\n' });
      const file = 'both.code-workspace';
      await writeFiles(folder, { [file]: JSON.stringify({ folders: [{ path: 'shop' }, { path: 'billing' }] }) });
      return { workspaceFile: `${folder}/${file}` };
    },
  },
];
