import { performance } from 'node:perf_hooks'
import { median } from '../../runtime/compare.ts'
import { exactThreadTime, reportPair } from './report.ts'

/** Requests a turn: some 15 to 30 ms of a server's time. */
const TURN = 500
/** Before anything is measured, and measured. */
const WARM_UP = 16
const PAIRS = 60

type Side = 'plain' | 'recorded'

/**
 * Serves requests in turns, in which recording is on, and off. One process has the same memory and the same compiled
 * code all the time, and what else the machine does changes little from one turn to the next. No turn begins with a clean
 * heap: V8 would forget with it what it has compiled for things that are there only while recording is on.
 *
 * @param requests serves so many, and settles when nothing is under way any more.
 * @param record turns recording on or off.
 */
export async function byTurns(
  requests: (count: number) => Promise<void>,
  record: (on: boolean) => void,
): Promise<void> {
  const busy: number[] = []
  /** µs a request. */
  const turn = async (side: Side): Promise<number> => {
    record(side === 'recorded')
    const loop = performance.eventLoopUtilization()
    const start = exactThreadTime()
    await requests(TURN)
    const spent = exactThreadTime() - start
    busy.push(performance.eventLoopUtilization(loop).utilization)
    return (spent * 1000) / TURN
  }
  const plain: number[] = []
  const recorded: number[] = []
  for (let pair = -WARM_UP; pair < PAIRS; pair++) {
    // Each pair in another order.
    const first = pair % 2 === 0 ? await turn('plain') : undefined
    const on = await turn('recorded')
    const off = first ?? (await turn('plain'))
    if (pair < 0) continue
    plain.push(off)
    recorded.push(on)
  }
  record(true)
  reportPair({
    plain: median(plain),
    recorded: median(recorded),
    share: median(plain.map((off, pair) => off / (recorded[pair] ?? NaN))),
    busy: median(busy),
  })
}
