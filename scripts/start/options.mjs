// The command line of `npm start`. Node built-ins only.
import path from 'node:path';
import { parseArgs } from 'node:util';

export const startUsage = `npm start -- [options]

Opens a demo workspace in a real VS Code with Firebreak in it: desktop VS Code where there is one, else the VS Code
server, which a browser shows. A demo GitHub runs beside it, on this machine alone. Ctrl-C ends all of it.

  --folder PATH     where the demo lives; default: demo-workspace in this clone
  --fresh           throw the demo away first and make it again
  --host KIND       desktop or server; default: desktop where there is one and a display
  --port N          port of the VS Code server; default: 4810, or a free one when that is taken
  --open            open the browser even where no display was found
  --help            this
`;

/**
 * @returns the options; `port` is undefined when none was asked for
 * @throws Error that says what is wrong with them
 */
export function readStartOptions(args, root) {
  const { values } = parseArgs({
    args,
    options: {
      folder: { type: 'string' },
      fresh: { type: 'boolean', default: false },
      host: { type: 'string' },
      port: { type: 'string' },
      open: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { folder, fresh, host, open, help } = values;
  if (host !== undefined && host !== 'desktop' && host !== 'server') {
    throw new Error(`--host is "${host}": it must be desktop or server.`);
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536)) {
    throw new Error(`--port is "${values.port}": it must be a number from 0 to 65535.`);
  }
  return { folder: path.resolve(folder ?? path.join(root, 'demo-workspace')), fresh, host, port, open, help };
}
