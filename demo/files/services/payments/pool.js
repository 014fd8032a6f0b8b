/** Connections to the payments database: at most `size` at a time, the rest wait for one. */
class Pool {
  constructor(size, connect) {
    this.size = size;
    this.connect = connect;
    this.idle = [];
    this.used = 0;
    this.waiting = [];
  }

  /** Runs `work` with a connection and gives it back, whether the work succeeds or not. */
  async with(work) {
    const connection = await this.take();
    try {
      return await work(connection);
    } finally {
      this.release(connection);
    }
  }

  async take() {
    if (this.idle.length > 0) return this.idle.pop();
    if (this.used < this.size) {
      this.used += 1;
      return this.connect();
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  release(connection) {
    const next = this.waiting.shift();
    if (next) next(connection);
    else this.idle.push(connection);
  }
}

module.exports = { Pool };
