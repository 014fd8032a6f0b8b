import assert from 'node:assert/strict';
import { folderName } from '../../../src/core/folderName.ts';

describe('the name of a folder in a record', () => {
  const cases: readonly (readonly [folder: string, root: string, home: string, name: string | undefined])[] = [
    ['/srv/shop', '/srv/shop', '/home/ada', undefined],
    ['/srv/shop/', '/srv/shop', '/home/ada', undefined],
    ['/srv/shop/services/api', '/srv/shop', '/home/ada', 'services/api'],
    ['/srv/shop-old', '/srv/shop', '/home/ada', '/srv/shop-old'],
    ['/home/ada', '/home/ada/shop', '/home/ada', '~'],
    ['/home/ada/other', '/home/ada/shop', '/home/ada', '~/other'],
    ['/home/adam', '/home/ada/shop', '/home/ada', '/home/adam'],
    ['/', '/srv/shop', '', '/'],
    ['/etc', '/', '/root', 'etc'],
    ['C:\\shop\\api', 'C:\\shop', 'C:\\Users\\ada', 'api'],
    ['C:\\Users\\ada\\x', 'C:\\shop', 'C:\\Users\\ada', '~/x'],
    ['/srv/a\\b', '/srv', '/root', 'a\\b'],
  ];
  for (const [folder, root, home, name] of cases) {
    it(`is ${name} for ${folder} beside ${root}`, () => assert.equal(folderName(folder, root, home), name));
  }
});
