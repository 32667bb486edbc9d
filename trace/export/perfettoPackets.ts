import { Message } from './protobuf.ts'

/*
 * The fields of Perfetto's public schema that are written: https://perfetto.dev/docs/reference/trace-packet-proto
 */
const PACKET = 1
const TRACE_PACKET = {
  clockSnapshot: 6,
  timestamp: 8,
  sequenceId: 10,
  trackEvent: 11,
  internedData: 12,
  sequenceFlags: 13,
  trackDescriptor: 60,
} as const
const CLOCK_SNAPSHOT = { clocks: 1 } as const
const CLOCK = { id: 1, timestamp: 2 } as const
const TRACK_DESCRIPTOR = { uuid: 1, name: 2, process: 3, thread: 4, parentUuid: 5, counter: 8 } as const
const PROCESS_DESCRIPTOR = { pid: 1, cmdline: 2, processName: 6 } as const
const THREAD_DESCRIPTOR = { pid: 1, tid: 2, threadName: 5 } as const
const TRACK_EVENT = {
  debugAnnotations: 4,
  type: 9,
  nameIid: 10,
  trackUuid: 11,
  categories: 22,
  counterValue: 30,
  flowIds: 47,
  terminatingFlowIds: 48,
} as const
const DEBUG_ANNOTATION = { doubleValue: 5, stringValue: 6, name: 10 } as const
const INTERNED_DATA = { eventNames: 2 } as const
const EVENT_NAME = { iid: 1, name: 2 } as const

const TYPES = { sliceBegin: 1, sliceEnd: 2, instant: 3, counter: 4 } as const
const FLAGS = { cleared: 1, needsState: 2 } as const
const CLOCKS = { realtime: 1, boottime: 6 } as const

/** All packets are of one writer, which has this number. */
const SEQUENCE = 1

export interface Flows {
  readonly begins?: readonly number[]
  readonly ends?: readonly number[]
}

export type Details = Readonly<Record<string, string | number>>

/** Makes the packets of a Perfetto trace, one by one. Each result is to be used before the next is asked for. */
export class PacketWriter {
  readonly #earliest: number
  readonly #names = new Map<string, number>()
  readonly #out = new Message()
  #tracks = 0

  /** @param earliest the time of the trace that is 0 in the export, in ms. */
  constructor(earliest: number) {
    this.#earliest = earliest
  }

  /** A number for a track. */
  newTrack(): number {
    return ++this.#tracks
  }

  /** @param origin when the clock of the trace is 0, in ms since the Unix epoch. */
  begin(origin: number): Uint8Array {
    const nanoseconds = BigInt(Math.max(0, Math.round((origin + this.#earliest) * 1000))) * 1000n
    return this.#packet((out) => {
      out.varint(TRACE_PACKET.sequenceFlags, FLAGS.cleared)
      out.message(TRACE_PACKET.clockSnapshot, () => {
        for (const [id, time] of [
          [CLOCKS.boottime, 0],
          [CLOCKS.realtime, nanoseconds],
        ] as const) {
          out.message(CLOCK_SNAPSHOT.clocks, () => {
            out.varint(CLOCK.id, id).varint(CLOCK.timestamp, time)
          })
        }
      })
    })
  }

  process(track: number, pid: number, command: readonly string[]): Uint8Array {
    return this.#descriptor(track, (out) => {
      out.message(TRACK_DESCRIPTOR.process, () => {
        out.varint(PROCESS_DESCRIPTOR.pid, pid)
        for (const word of command) out.text(PROCESS_DESCRIPTOR.cmdline, word)
        out.text(PROCESS_DESCRIPTOR.processName, command.join(' '))
      })
    })
  }

  thread(track: number, parent: number, pid: number, tid: number, name: string): Uint8Array {
    return this.#descriptor(track, (out) => {
      out.varint(TRACK_DESCRIPTOR.parentUuid, parent).message(TRACK_DESCRIPTOR.thread, () => {
        out
          .varint(THREAD_DESCRIPTOR.pid, pid)
          .varint(THREAD_DESCRIPTOR.tid, tid)
          .text(THREAD_DESCRIPTOR.threadName, name)
      })
    })
  }

  track(track: number, parent: number, name: string): Uint8Array {
    return this.#descriptor(track, (out) => {
      out.varint(TRACK_DESCRIPTOR.parentUuid, parent).text(TRACK_DESCRIPTOR.name, name)
    })
  }

  counterTrack(track: number, parent: number, name: string): Uint8Array {
    return this.#descriptor(track, (out) => {
      out
        .varint(TRACK_DESCRIPTOR.parentUuid, parent)
        .text(TRACK_DESCRIPTOR.name, name)
        .message(TRACK_DESCRIPTOR.counter, () => undefined)
    })
  }

  /** @param time in ms, as all times. */
  sliceBegin(
    track: number,
    time: number,
    name: string,
    category: string,
    details: Details = {},
    flows: Flows = {},
  ): Uint8Array {
    return this.#named(TYPES.sliceBegin, track, time, name, category, details, flows)
  }

  sliceEnd(track: number, time: number): Uint8Array {
    return this.#event(TYPES.sliceEnd, track, time, () => undefined)
  }

  instant(
    track: number,
    time: number,
    name: string,
    category: string,
    details: Details = {},
    flows: Flows = {},
  ): Uint8Array {
    return this.#named(TYPES.instant, track, time, name, category, details, flows)
  }

  count(track: number, time: number, count: number): Uint8Array {
    return this.#event(TYPES.counter, track, time, (out) => {
      out.varint(TRACK_EVENT.counterValue, count)
    })
  }

  #named(
    type: number,
    track: number,
    time: number,
    name: string,
    category: string,
    details: Details,
    flows: Flows,
  ): Uint8Array {
    const known = this.#names.get(name)
    const iid = known ?? this.#names.size + 1
    if (known === undefined) this.#names.set(name, iid)
    return this.#event(
      type,
      track,
      time,
      (out) => {
        out.varint(TRACK_EVENT.nameIid, iid).text(TRACK_EVENT.categories, category)
        for (const [key, value] of Object.entries(details)) {
          out.message(TRACK_EVENT.debugAnnotations, () => {
            out.text(DEBUG_ANNOTATION.name, key)
            if (typeof value === 'string') out.text(DEBUG_ANNOTATION.stringValue, value)
            else out.double(DEBUG_ANNOTATION.doubleValue, value)
          })
        }
        for (const flow of flows.begins ?? []) out.fixed64(TRACK_EVENT.flowIds, flow)
        for (const flow of flows.ends ?? []) out.fixed64(TRACK_EVENT.terminatingFlowIds, flow)
      },
      known === undefined
        ? (out) => {
            out.message(INTERNED_DATA.eventNames, () => {
              out.varint(EVENT_NAME.iid, iid).text(EVENT_NAME.name, name)
            })
          }
        : undefined,
    )
  }

  #event(type: number, track: number, time: number, write: Write, intern?: Write): Uint8Array {
    const nanoseconds = Math.max(0, Math.round((time - this.#earliest) * 1e6))
    return this.#packet((out) => {
      out.varint(TRACE_PACKET.timestamp, nanoseconds).varint(TRACE_PACKET.sequenceFlags, FLAGS.needsState)
      out.message(TRACE_PACKET.trackEvent, () => {
        write(out.varint(TRACK_EVENT.type, type).varint(TRACK_EVENT.trackUuid, track))
      })
      if (intern !== undefined)
        out.message(TRACE_PACKET.internedData, () => {
          intern(out)
        })
    })
  }

  #descriptor(track: number, write: Write): Uint8Array {
    return this.#packet((out) => {
      out.message(TRACE_PACKET.trackDescriptor, () => {
        write(out.varint(TRACK_DESCRIPTOR.uuid, track))
      })
    })
  }

  #packet(write: Write): Uint8Array {
    const out = this.#out.clear()
    return out
      .message(PACKET, () => {
        write(out.varint(TRACE_PACKET.sequenceId, SEQUENCE))
      })
      .finish()
  }
}

type Write = (out: Message) => void
