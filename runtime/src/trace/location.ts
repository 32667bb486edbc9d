import { framesBehind, withRawStacks } from '../rawStacks.ts'
import type { Caller } from './probe.ts'

interface Frame {
  getFileName(): string | null | undefined
  getLineNumber(): number | null
  getColumnNumber(): number | null
  getFunctionName(): string | null
}

/**
 * The caller is nearly always the first frame, and each further one takes its time. Only where that is a part of the
 * language, as in `urls.map(download)`, so many are looked at to find one of the program's own.
 */
const DEPTH = 8

/** Where user code called `from`: `function@file:line:column`, or undefined outside V8. */
export function locationOf(from: Caller): string | undefined {
  const location = callerOf(from)
  return location === NODE ? undefined : location
}

/** As `locationOf`, but `NODE` when it was not user code that called `from`, but a part of Node. */
export function callerOf(from: Caller): string | undefined {
  return withRawStacks(() => calling(from))
}

/**
 * Where the program made the promise that V8 tells `hook` of: where it calls an asynchronous function, for its promise
 * is made inside of it; `NODE` when a part of Node has made it.
 */
export function makerOf(hook: Caller): string | undefined {
  return withRawStacks(() => making(hook))
}

/** What `callerOf` gives for a part of Node. */
export const NODE = 'node:'

function calling(from: Caller): string | undefined {
  return nearest(framesBehind(from, 1)) ?? nearest(framesBehind(from, DEPTH))
}

/** No file is called like that. */
const NOWHERE = '\0'

/** What the names of the recorder's files begin with: all of it is in one file, but among its sources. */
const OWN = (withRawStacks(ownFile) ?? NOWHERE).replace(/trace\/location\.ts$/u, '')

function ownFile(): string | undefined {
  const [frame] = framesBehind(ownFile, 1) as readonly Frame[]
  return frame?.getFileName() ?? undefined
}

/** A module that awaits something is an asynchronous function too, which Node calls and waits for. */
const WHOLE_MODULE = /^@.*:1:1$/su

function making(hook: Caller): string | undefined {
  // What stands in the place of `Promise.all` is called by the program, and calls the language in its turn.
  const frames = framesBehind(hook, DEPTH).filter((frame) => (frame as Frame).getFileName()?.startsWith(OWN) !== true)
  const inside = nearest(frames.slice(0, 1))
  // Parts of the language, such as `new Promise`, have no file. What Node calls has nobody else to be blamed.
  if (inside === NODE || inside === undefined) return inside ?? nearest(frames)
  const outside = nearest(frames.slice(1))
  if (outside !== undefined && outside !== NODE) return outside
  return WHOLE_MODULE.test(inside) ? NODE : inside
}

function nearest(frames: readonly unknown[]): string | undefined {
  for (let index = 0; index < frames.length; index++) {
    const frame = frames[index] as Frame
    const file = frame.getFileName()
    if (typeof file !== 'string') continue
    if (!file.startsWith(NODE)) return described(frame, file)
    if (index === 0) return NODE
  }
  return undefined
}

/** So many places are kept as text; beyond it each is written anew. */
const MOST_PLACES = 10_000

/** The texts of places, by file, and by line and column in it: to write one takes a third of the time of it all. */
const places = new Map<string, Map<number, string>>()
let kept = 0

function described(frame: Frame, file: string): string {
  const line = frame.getLineNumber() ?? 0
  const column = frame.getColumnNumber() ?? 0
  // Both fit into the 53 bits of a number.
  const key = line * 2 ** 22 + column
  const known = places.get(file)?.get(key)
  if (known !== undefined) return known
  const text = `${frame.getFunctionName() ?? ''}@${file}:${String(line)}:${String(column)}`
  if (kept < MOST_PLACES) {
    let inFile = places.get(file)
    if (inFile === undefined) {
      inFile = new Map<number, string>()
      places.set(file, inFile)
    }
    inFile.set(key, text)
    kept++
  }
  return text
}
