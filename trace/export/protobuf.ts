const utf8 = new TextEncoder()

/** So many bytes are kept for the length of a message within another, which is written once it is known. */
const LENGTH_BYTES = 4

/**
 * Writes protobuf messages, one after the other into the same buffer: many small ones would cost more than what is
 * in them. Numbers beyond 2^53 are given as bigint.
 */
export class Message {
  #bytes = new Uint8Array(4096)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  /** Begins anew. */
  clear(): this {
    this.#length = 0
    return this
  }

  varint(field: number, value: number | bigint): this {
    this.#put(field << 3)
    this.#putVarint(value)
    return this
  }

  fixed64(field: number, value: number): this {
    this.#put((field << 3) | 1)
    this.#room(8)
    this.#view.setBigUint64(this.#length, BigInt(value), true)
    this.#length += 8
    return this
  }

  double(field: number, value: number): this {
    this.#put((field << 3) | 1)
    this.#room(8)
    this.#view.setFloat64(this.#length, value, true)
    this.#length += 8
    return this
  }

  text(field: number, value: string): this {
    return this.message(field, () => {
      this.#room(3 * value.length)
      this.#length += utf8.encodeInto(value, this.#bytes.subarray(this.#length)).written
    })
  }

  /** @param write writes the fields of a message within this one. */
  message(field: number, write: () => void): this {
    this.#put((field << 3) | 2)
    this.#room(LENGTH_BYTES)
    const start = this.#length + LENGTH_BYTES
    this.#length = start
    write()
    // A varint may be longer than it needs to be: each byte but the last says that another one follows.
    for (let byte = 0, rest = this.#length - start; byte < LENGTH_BYTES; byte++, rest >>>= 7) {
      this.#bytes[start - LENGTH_BYTES + byte] = (rest & 0x7f) | (byte < LENGTH_BYTES - 1 ? 0x80 : 0)
    }
    return this
  }

  /** What has been written. Good until more is. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  #put(tag: number): void {
    this.#putVarint(tag)
  }

  #putVarint(value: number | bigint): void {
    this.#room(10)
    if (typeof value === 'bigint') {
      let rest = value
      for (; rest > 0x7fn; rest >>= 7n) this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80
      this.#bytes[this.#length++] = Number(rest)
      return
    }
    let rest = value
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) this.#bytes[this.#length++] = (rest % 0x80) | 0x80
    this.#bytes[this.#length++] = rest
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more))
    grown.set(this.#bytes)
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}
