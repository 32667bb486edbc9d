import { Message } from './protobuf.ts'

/*
 * The fields of Perfetto's public schema that are written: https://perfetto.dev/docs/reference/trace-packet-proto
 */
const PACKET = 1
const TRACE_PACKET = {
  clockSnapshot: 6, timestamp: 8, sequenceId: 10, trackEvent: 11, internedData: 12, sequenceFlags: 13,
  trackDescriptor: 60,
} as const
const CLOCK_SNAPSHOT = { clocks: 1 } as const
const CLOCK = { id: 1, timestamp: 2 } as const
const TRACK_DESCRIPTOR = { uuid: 1, name: 2, process: 3, thread: 4, parentUuid: 5, counter: 8 } as const
const PROCESS_DESCRIPTOR = { pid: 1, cmdline: 2, processName: 6 } as const
const THREAD_DESCRIPTOR = { pid: 1, tid: 2, threadName: 5 } as const
const TRACK_EVENT = {
  debugAnnotations: 4, type: 9, nameIid: 10, trackUuid: 11, categories: 22, counterValue: 30, flowIds: 47,
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
    const boot = new Message().varint(CLOCK.id, CLOCKS.boottime).varint(CLOCK.timestamp, 0)
    const nanoseconds = BigInt(Math.max(0, Math.round((origin + this.#earliest) * 1000))) * 1000n
    const real = new Message().varint(CLOCK.id, CLOCKS.realtime).varint(CLOCK.timestamp, nanoseconds)
    const snapshot = new Message().message(CLOCK_SNAPSHOT.clocks, boot).message(CLOCK_SNAPSHOT.clocks, real)
    return this.#packet(new Message().varint(TRACE_PACKET.sequenceFlags, FLAGS.cleared)
      .message(TRACE_PACKET.clockSnapshot, snapshot))
  }

  process(track: number, pid: number, command: readonly string[]): Uint8Array {
    const process = new Message().varint(PROCESS_DESCRIPTOR.pid, pid)
    for (const word of command) process.text(PROCESS_DESCRIPTOR.cmdline, word)
    process.text(PROCESS_DESCRIPTOR.processName, command.join(' '))
    const descriptor = new Message().varint(TRACK_DESCRIPTOR.uuid, track)
    return this.#descriptor(descriptor.message(TRACK_DESCRIPTOR.process, process))
  }

  thread(track: number, parent: number, pid: number, tid: number, name: string): Uint8Array {
    const thread = new Message().varint(THREAD_DESCRIPTOR.pid, pid).varint(THREAD_DESCRIPTOR.tid, tid)
      .text(THREAD_DESCRIPTOR.threadName, name)
    return this.#descriptor(new Message().varint(TRACK_DESCRIPTOR.uuid, track)
      .varint(TRACK_DESCRIPTOR.parentUuid, parent).message(TRACK_DESCRIPTOR.thread, thread))
  }

  track(track: number, parent: number, name: string): Uint8Array {
    return this.#descriptor(this.#named(track, parent, name))
  }

  counterTrack(track: number, parent: number, name: string): Uint8Array {
    return this.#descriptor(this.#named(track, parent, name).message(TRACK_DESCRIPTOR.counter, new Message()))
  }

  /** @param time in ms, as all times. */
  sliceBegin(
    track: number, time: number, name: string, category: string, details: Details = {}, flows: Flows = {},
  ): Uint8Array {
    return this.#event(TYPES.sliceBegin, track, time, name, category, details, flows)
  }

  sliceEnd(track: number, time: number): Uint8Array {
    return this.#at(time, new Message().varint(TRACK_EVENT.type, TYPES.sliceEnd).varint(TRACK_EVENT.trackUuid, track))
  }

  instant(
    track: number, time: number, name: string, category: string, details: Details = {}, flows: Flows = {},
  ): Uint8Array {
    return this.#event(TYPES.instant, track, time, name, category, details, flows)
  }

  count(track: number, time: number, count: number): Uint8Array {
    return this.#at(time, new Message().varint(TRACK_EVENT.type, TYPES.counter).varint(TRACK_EVENT.trackUuid, track)
      .varint(TRACK_EVENT.counterValue, count))
  }

  #event(
    type: number, track: number, time: number, name: string, category: string, details: Details, flows: Flows,
  ): Uint8Array {
    const known = this.#names.get(name)
    const iid = known ?? this.#names.size + 1
    const event = new Message().varint(TRACK_EVENT.type, type).varint(TRACK_EVENT.trackUuid, track)
      .varint(TRACK_EVENT.nameIid, iid).text(TRACK_EVENT.categories, category)
    for (const [key, value] of Object.entries(details)) {
      const detail = new Message().text(DEBUG_ANNOTATION.name, key)
      if (typeof value === 'string') detail.text(DEBUG_ANNOTATION.stringValue, value)
      else detail.double(DEBUG_ANNOTATION.doubleValue, value)
      event.message(TRACK_EVENT.debugAnnotations, detail)
    }
    for (const flow of flows.begins ?? []) event.fixed64(TRACK_EVENT.flowIds, flow)
    for (const flow of flows.ends ?? []) event.fixed64(TRACK_EVENT.terminatingFlowIds, flow)
    if (known !== undefined) return this.#at(time, event)
    this.#names.set(name, iid)
    const entry = new Message().varint(EVENT_NAME.iid, iid).text(EVENT_NAME.name, name)
    return this.#at(time, event, new Message().message(INTERNED_DATA.eventNames, entry))
  }

  #at(time: number, event: Message, interned?: Message): Uint8Array {
    const packet = new Message().varint(TRACE_PACKET.timestamp, Math.max(0, Math.round((time - this.#earliest) * 1e6)))
      .varint(TRACE_PACKET.sequenceFlags, FLAGS.needsState).message(TRACE_PACKET.trackEvent, event)
    if (interned !== undefined) packet.message(TRACE_PACKET.internedData, interned)
    return this.#packet(packet)
  }

  #named(track: number, parent: number, name: string): Message {
    return new Message().varint(TRACK_DESCRIPTOR.uuid, track).varint(TRACK_DESCRIPTOR.parentUuid, parent)
      .text(TRACK_DESCRIPTOR.name, name)
  }

  #descriptor(descriptor: Message): Uint8Array {
    return this.#packet(new Message().message(TRACE_PACKET.trackDescriptor, descriptor))
  }

  #packet(packet: Message): Uint8Array {
    return new Message().message(PACKET, packet.varint(TRACE_PACKET.sequenceId, SEQUENCE)).finish()
  }
}
