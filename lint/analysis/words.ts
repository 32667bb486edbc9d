import ts from 'typescript'

/** 4 KB a file: of a thousand names, some thirty are then looked for in a file that has none of them. */
const BITS = 15

const filters = new WeakMap<ts.SourceFile, Uint32Array>()

/**
 * The files that may speak of a name, in code or elsewhere; the others surely don't. Each file is read once, so that a
 * question about a name costs a look at one bit of each file, and not at all their texts.
 *
 * The idea is Bloom's filter, with one hash.
 */
export function filesWith(name: string, files: readonly ts.SourceFile[]): ts.SourceFile[] {
  let hash = SEED
  for (let at = name.startsWith('#') ? 1 : 0; at < name.length; at++) hash = mix(hash, name.charCodeAt(at))
  const bit = bitOf(hash)
  const [index, mask] = [bit >>> 5, 1 << (bit & 31)]
  return files.filter((file) => {
    let filter = filters.get(file)
    if (!filter) {
      filter = wordsOf(file.text)
      filters.set(file, filter)
    }
    return ((filter[index] ?? 0) & mask) !== 0
  })
}

function wordsOf(text: string): Uint32Array {
  const filter = new Uint32Array(1 << (BITS - 5))
  let hash = SEED
  let isIn = false
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 0
    if (isPartOfName(code)) {
      hash = mix(hash, code)
      isIn = true
    } else if (isIn) {
      const bit = bitOf(hash)
      filter[bit >>> 5] = (filter[bit >>> 5] ?? 0) | (1 << (bit & 31))
      hash = SEED
      isIn = false
    }
  }
  return filter
}

/** Whether a name goes on with this character, or half of one. */
export function isPartOfName(code: number): boolean {
  if (code < 128) return ASCII[code] === 1
  return ts.isIdentifierPart(code, ts.ScriptTarget.Latest) || (code >= 0xd800 && code <= 0xdfff)
}

const ASCII = Uint8Array.from({ length: 128 }, (_, code) => Number(ts.isIdentifierPart(code, ts.ScriptTarget.Latest)))

// FNV-1a.
const SEED = 0x811c9dc5

function mix(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193)
}

function bitOf(hash: number): number {
  return (hash ^ (hash >>> 16)) & ((1 << BITS) - 1)
}
