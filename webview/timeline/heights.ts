/**
 * Where each line of a long list begins, from heights that are guessed until a line was measured. A changed height costs
 * nothing until somebody asks for a place below it.
 */
export class Heights {
  #heights: number[] = [];
  /** Where each line begins; right up to `#known`. */
  #tops: number[] = [0];
  #known = 0;

  /** Takes lines out and puts others there, with these heights (CSS pixels). */
  splice(index: number, removed: number, heights: readonly number[]): void {
    // Not by the array's own method: so many lines would be too many arguments for one call.
    this.#heights = [...this.#heights.slice(0, index), ...heights, ...this.#heights.slice(index + removed)];
    this.#known = Math.min(this.#known, index);
    this.#tops.length = this.#known + 1;
  }

  get count(): number {
    return this.#heights.length;
  }

  get total(): number {
    return this.top(this.count);
  }

  height(index: number): number {
    return this.#heights[index] ?? 0;
  }

  /** @returns whether that is another height than before; less than a tenth of a pixel is none */
  set(index: number, height: number): boolean {
    if (index < 0 || index >= this.count || Math.abs(this.height(index) - height) < 0.1) return false;
    this.#heights[index] = height;
    this.#known = Math.min(this.#known, index);
    return true;
  }

  /** Where a line begins, from the beginning of the list; the line after the last begins at its end. */
  top(index: number): number {
    const wanted = Math.max(0, Math.min(index, this.count));
    for (; this.#known < wanted; this.#known++) {
      this.#tops[this.#known + 1] = (this.#tops[this.#known] ?? 0) + this.height(this.#known);
    }
    return this.#tops[wanted] ?? 0;
  }

  /** The line that a place is in: the first one for what is above the list, the last one for what is below it. */
  at(place: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.top(middle + 1) > place) high = middle;
      else low = middle + 1;
    }
    return Math.max(0, low);
  }
}
