import { performance } from 'node:perf_hooks'
import { median } from '../../runtime/compare.ts'
import type { Answer } from './answers.ts'
import { exactThreadTime, reportPair } from './report.ts'
import { UnderLoad } from './underLoad.ts'

/** Requests a turn: some 30 ms of the server's time. */
const TURN = 500
/** Before anything is measured, and measured. */
const WARM_UP = 16
const PAIRS = 60

type Side = 'plain' | 'recorded'

/**
 * Serves under load in turns, in which recording is on, and off. One process has the same memory and the same compiled
 * code all the time, and what else the machine does changes little from one turn to the next. No turn begins with a clean
 * heap: V8 would forget with it what it has compiled for things that are there only while recording is on.
 *
 * @param record turns recording on or off; nothing is under way then.
 */
export async function byTurns(answer: Answer, record: (on: boolean) => void): Promise<void> {
  using load = await UnderLoad.serve(answer)
  const busy: number[] = []
  /** µs a request. */
  const turn = async (side: Side): Promise<number> => {
    record(side === 'recorded')
    const loop = performance.eventLoopUtilization()
    const start = exactThreadTime()
    await load.requests(TURN)
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
