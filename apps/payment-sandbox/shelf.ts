const HOLES_KEPT = 1024

/**
 * Objects of one kind in the order of their making, found by id in constant time and walked from any of them in either
 * direction (which is what Stripe's cursors need). Removing leaves a hole that walking steps over; the holes at the old
 * end, where eviction makes them, are cut off once they are half of the list, so that a removal stays cheap on average.
 */
export class Shelf<T extends { id: string }> {
  readonly #slots = new Map<string, { value: T; place: number }>()
  #order: (string | null)[] = []
  /** The place of `#order[0]`: places never change, cutting moves this. */
  #base = 0
  /** Index in `#order` of the oldest object that is still here. */
  #head = 0

  get size(): number {
    return this.#slots.size
  }

  get(id: string): T | undefined {
    return this.#slots.get(id)?.value
  }

  /** A known id keeps its place. */
  put(value: T): void {
    const slot = this.#slots.get(value.id)
    if (slot !== undefined) {
      slot.value = value
      return
    }
    this.#slots.set(value.id, { value, place: this.#base + this.#order.length })
    this.#order.push(value.id)
  }

  remove(id: string): void {
    const slot = this.#slots.get(id)
    if (slot === undefined) return
    this.#slots.delete(id)
    this.#order[slot.place - this.#base] = null
    while (this.#head < this.#order.length && this.#order[this.#head] === null) this.#head += 1
    if (this.#head > HOLES_KEPT && this.#head * 2 > this.#order.length) {
      this.#order = this.#order.slice(this.#head)
      this.#base += this.#head
      this.#head = 0
    }
  }

  clear(): void {
    this.#slots.clear()
    this.#order = []
    this.#base = 0
    this.#head = 0
  }

  /** From the oldest, or from the first one newer than `after` (which must be here). Safe while the shelf changes. */
  *oldestFirst(after?: string): Generator<T> {
    const start = after === undefined ? this.#base + this.#head : this.#placeOf(after) + 1
    for (let place = start; place < this.#base + this.#order.length; place += 1) {
      const value = this.#at(place)
      if (value !== undefined) yield value
    }
  }

  /** From the newest, or from the first one older than `before` (which must be here). */
  *newestFirst(before?: string): Generator<T> {
    const start = before === undefined ? this.#base + this.#order.length : this.#placeOf(before)
    for (let place = start - 1; place >= this.#base + this.#head; place -= 1) {
      const value = this.#at(place)
      if (value !== undefined) yield value
    }
  }

  #placeOf(id: string): number {
    const slot = this.#slots.get(id)
    if (slot === undefined) throw new Error(`Nothing here is called ${id}`)
    return slot.place
  }

  #at(place: number): T | undefined {
    const id = this.#order[place - this.#base]
    return typeof id === 'string' ? this.#slots.get(id)?.value : undefined
  }
}
