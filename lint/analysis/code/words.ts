import ts from 'typescript'

/** 4 KB a file: of a thousand names, some thirty are then looked for in a file that has none of them. */
const BITS = 15

/** By file, so that an edit of one costs no look at the others. */
const filters = new WeakMap<ts.SourceFile, Uint32Array>()

/** What was asked of the files of one program. */
interface Asked {
  questions: number
  table?: Table
}

const askedOf = new WeakMap<readonly ts.SourceFile[], Asked>()

/** So many questions are answered file by file; past them it costs less to turn all filters around, once a program. */
const FEW_QUESTIONS = 16

/**
 * The files that may speak of a name, in code or elsewhere; the others surely don't. Each file is read once, so that a
 * question about a name costs a look at one bit of each file, or none, and not at all their texts.
 *
 * The idea is Bloom's filter, with one hash.
 *
 * @param files Those of one program, in the same array each time: it stands for them, and must not change.
 */
export function filesWith(name: string, files: readonly ts.SourceFile[]): ts.SourceFile[] {
  let hash = SEED
  for (let at = name.startsWith('#') ? 1 : 0; at < name.length; at++) hash = mix(hash, name.charCodeAt(at))
  const bit = bitOf(hash)
  let asked = askedOf.get(files)
  if (!asked) askedOf.set(files, (asked = { questions: 0 }))
  if (++asked.questions > FEW_QUESTIONS) {
    asked.table ??= tableOf(files.map(filterOf))
    return asked.table.filesAt(bit).map((index) => files[index] as ts.SourceFile)
  }
  const [index, mask] = [bit >>> 5, 1 << (bit & 31)]
  return files.filter((file) => ((filterOf(file)[index] ?? 0) & mask) !== 0)
}

function filterOf(file: ts.SourceFile): Uint32Array {
  let filter = filters.get(file)
  if (!filter) filters.set(file, (filter = wordsOf(file.text)))
  return filter
}

/** The filters of all files the other way around: which of them have a bit. */
interface Table {
  filesAt(bit: number): number[]
}

/** All lists of files in one array, that of each bit where the one before ends: a list each would take the memory of a tree. */
function tableOf(all: readonly Uint32Array[]): Table {
  const ends = new Uint32Array(1 << BITS)
  for (const filter of all) forEachBit(filter, (bit) => (ends[bit] = (ends[bit] ?? 0) + 1))
  let sum = 0
  for (let bit = 0; bit < ends.length; bit++) {
    const count = ends[bit] ?? 0
    ends[bit] = sum
    sum += count
  }
  const lists = new Uint32Array(sum)
  // Each list is filled from its start, which so becomes its end.
  for (const [index, filter] of all.entries()) {
    forEachBit(filter, (bit) => {
      const end = ends[bit] ?? 0
      lists[end] = index
      ends[bit] = end + 1
    })
  }
  return { filesAt: (bit) => Array.from(lists.subarray(bit === 0 ? 0 : ends[bit - 1], ends[bit])) }
}

function forEachBit(filter: Uint32Array, act: (bit: number) => void): void {
  for (let index = 0; index < filter.length; index++) {
    for (let word = filter[index] ?? 0; word !== 0; word &= word - 1) act(index * 32 + 31 - Math.clz32(word & -word))
  }
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
