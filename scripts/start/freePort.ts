import { createServer } from 'node:net';

/** Whether a loopback port can be listened on now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** `preferred` when it is free, so that addresses stay the same from start to start; else 0, which takes any. */
export async function preferredPort(preferred: number): Promise<number> {
  return (await isFree(preferred)) ? preferred : 0;
}
