const utf8 = new TextEncoder()

/** Writes one protobuf message, field by field. Numbers beyond 2^53 are given as bigint. */
export class Message {
  #bytes = new Uint8Array(96)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  varint(field: number, value: number | bigint): this {
    this.#put(field << 3)
    this.#putVarint(value)
    return this
  }

  fixed64(field: number, value: number): this {
    this.#put(field << 3 | 1)
    this.#room(8)
    this.#view.setBigUint64(this.#length, BigInt(value), true)
    this.#length += 8
    return this
  }

  double(field: number, value: number): this {
    this.#put(field << 3 | 1)
    this.#room(8)
    this.#view.setFloat64(this.#length, value, true)
    this.#length += 8
    return this
  }

  text(field: number, value: string): this {
    return this.bytes(field, utf8.encode(value))
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.finish())
  }

  bytes(field: number, value: Uint8Array): this {
    this.#put(field << 3 | 2)
    this.#putVarint(value.length)
    this.#room(value.length)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
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
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) this.#bytes[this.#length++] = rest % 0x80 | 0x80
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
